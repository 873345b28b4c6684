import { blockUserScript } from '../../src/lua/block-user.js';
import { deletePostScript } from '../../src/lua/delete-post.js';
import { editPostScript } from '../../src/lua/edit-post.js';
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
    sound: "  redis.call('DEL', key)\n  if isMark(entries[1]) then\n    return nil\n  end\n",
    harmed: "  if isMark(entries[1]) then\n    return nil\n  end\n  redis.call('DEL', key)\n",
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
    sound: 'local i, j = #landed, 5\n',
    harmed: 'local i, j = 1, 5\n',
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
    ['delete', deletePostScript, /reads a post of \w+ after the delete/],
    ['edit', editPostScript, /reads the text of a post of \w+ before the edit/],
  ] as const)('notice, of the %s of a post,', (race, script, breach) => {
    it('that it is not noted', async () => {
      world.lookedFor = breach;
      const harm = { script, sound: '\nnoteChange(changedKey, changesKey, id)\n', harmed: '\n' };
      await whileHarmed(harm, async () => raceRewritings(world, [race], ROUNDS));
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
