import { type Fanout, type StoredPost } from '../../src/index.js';
import { blockUserScript } from '../../src/lua/block-user.js';
import { finishTimelineScript } from '../../src/lua/finish-timeline.js';
import { muteUserScript } from '../../src/lua/mute-user.js';
import { unfollowAuthorScript } from '../../src/lua/unfollow-author.js';
import { unmuteUserScript } from '../../src/lua/unmute-user.js';
import { SharedWork } from '../../src/shared-work.js';
import { Fixture } from '../support/fixture.js';
import { type Harm, whileHarmed } from '../support/harms.js';
import { type Hiding, raceHidings, raceRewritings } from '../support/races.js';
import { RacesWorld } from '../support/races-world.js';

/** Most defects show in one of the first rounds, the last one needs a hundred or two. */
const ROUNDS = 3000;

const HARMS: readonly (Harm & { readonly name: string; readonly race: Hiding; readonly breach: RegExp })[] = [
  {
    name: 'an unfollow that leaves a construction valid which it meets',
    script: unfollowAuthorScript,
    sound: "  redis.call('DEL', key)\n  if isMark(entries[#entries]) then\n    return nil\n  end\n",
    harmed: "  if isMark(entries[#entries]) then\n    return nil\n  end\n  redis.call('DEL', key)\n",
    race: 'unfollow',
    breach: /reads a post of \w+ after the unfollow/,
  },
  {
    name: 'a block after which the other one still follows',
    script: blockUserScript,
    sound: 'if not endFollow(',
    harmed: "if string.find(blocksKey, ':blocked-by:', 1, true) or not endFollow(",
    race: 'block',
    breach: /reads a post of \w+ after the block/,
  },
  {
    name: 'a mute that leaves the reader among the followers',
    script: muteUserScript,
    sound: "redis.call('SMOVE', followersKey, followersMutedKey, reader)\n",
    harmed: '',
    race: 'mute',
    breach: /reads a post of \w+ after the mute/,
  },
  {
    name: 'an unmute that does not put the reader back among the followers',
    script: unmuteUserScript,
    sound: "redis.call('SMOVE', followersMutedKey, followersKey, reader)\n",
    harmed: '',
    race: 'mute',
    breach: /misses a post of/,
  },
  {
    name: 'a construction that forgets what landed in it',
    script: finishTimelineScript,
    sound: 'landed[#landed] = nil\n',
    harmed: 'landed = {}\n',
    race: 'unfollow',
    breach: /misses a post of/,
  },
];

describe('the races', () => {
  let fixture: Fixture;
  let world: RacesWorld;
  beforeAll(async () => {
    fixture = await Fixture.standalone();
  });
  beforeEach(async () => {
    world = await RacesWorld.open(fixture, { pushMaxFollowers: Infinity, timelineMaxEntries: 6 });
  });
  afterEach(async () => {
    await world.close();
  });
  afterAll(async () => {
    await fixture.stop();
  });

  it.each(HARMS)('notice $name', async (harm) => {
    world.lookedFor = harm.breach;
    await whileHarmed(harm, async () => raceHidings(world, [harm.race], ROUNDS));
    expectFound(world);
  });

  it('notice a construction that is shared with those who came after it began', async () => {
    world.lookedFor = /reads a post of \w+ after the/;
    await whileSharedLate(async () => raceHidings(world, ['unfollow', 'mute', 'block'], ROUNDS));
    expectFound(world);
  });

  describe.each([
    ['delete', /reads a post of \w+ after the delete/],
    ['edit', /reads the text of a post of \w+ before the edit/],
  ] as const)('notice, of the %s of a post,', (race, breach) => {
    it.each([
      ['a body that is kept where another instance changes it', 'itself'],
      ['a body that is kept where it was looked up before and came after', 'all'],
    ] as const)('%s', async (_, forgetting) => {
      keepBodies(world.instances, forgetting);
      world.lookedFor = breach;
      await raceRewritings(world, [race], ROUNDS);
      expectFound(world);
    });
  });
});

function expectFound({ breaches, lookedFor }: RacesWorld): void {
  expect(breaches.filter((breach) => lookedFor.test(breach))).not.toEqual([]);
}

/** Lets those who come while something is built share what had begun before they came. */
async function whileSharedLate<T>(action: () => Promise<T>): Promise<T> {
  const running = new Map<unknown, Map<string, Promise<unknown>>>();
  const spy = jest.spyOn(SharedWork.prototype, 'do').mockImplementation(async function (
    this: SharedWork<unknown>,
    name,
  ) {
    const names = running.get(this) ?? new Map<string, Promise<unknown>>();
    running.set(this, names);
    const work = Reflect.get(this, 'work') as (name: string) => Promise<unknown>;
    const result = names.get(name) ?? work(name).finally(() => names.delete(name));
    names.set(name, result);
    return result;
  });
  try {
    return await action();
  } finally {
    spy.mockRestore();
  }
}

/**
 * Lets instances keep the bodies that they have looked up until they change them themselves, or any of them does: then still
 * one that was looked up before comes to be kept after.
 */
function keepBodies(instances: readonly Fanout[], forgetting: 'itself' | 'all'): void {
  const caches = instances.map(() => new Map<string, StoredPost>());
  instances.forEach(({ posts }, i) => {
    const bodies = caches[i]!;
    const forget = (id: string): void => {
      for (const cache of forgetting === 'all' ? caches : [bodies]) cache.delete(id);
    };
    const { lookUp, edit, delete: remove } = posts;
    posts.lookUp = async (ids) => {
      const found = new Map(ids.flatMap((id) => (bodies.has(id) ? [[id, bodies.get(id)]] : [])));
      const unknown = ids.filter((id) => !found.has(id));
      const fetched = await lookUp.call(posts, unknown);
      unknown.forEach((id, n) => bodies.set(id, fetched[n]));
      return ids.map((id) => found.get(id) ?? fetched[unknown.indexOf(id)]);
    };
    posts.edit = async (id, ...args) =>
      edit.call(posts, id, ...args).finally(() => {
        forget(id);
      });
    posts.delete = async (id, ...args) =>
      remove.call(posts, id, ...args).finally(() => {
        forget(id);
      });
  });
}
