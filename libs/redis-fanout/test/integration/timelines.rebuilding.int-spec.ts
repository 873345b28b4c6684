import type { Redis } from 'ioredis';

import { Fanout } from '../../src/index.js';
import { scripts } from '../../src/lua/scripts.js';
import { Steps } from '../support/steps.js';
import { cleanUp, clientOf } from '../support/faults.js';
import { deliverAll, Fixture, wholeTimeline } from '../support/fixture.js';

const OPTIONS = { partitions: 3, timelineMaxEntries: 20, authorMaxPosts: 200, pushMaxFollowers: 2 };
const AUTHORS = ['bob', 'cid', 'dot', 'eve'];
/** Has more followers in the reader's partition than posts are pushed to. */
const STAR = 'star';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.standalone();
  for (const script of scripts) await script.load(fixture.client as Redis);
});
afterAll(async () => {
  await fixture.stop();
});
afterEach(cleanUp);

/** Ann's timeline has been dropped; one process is to build it again while things happen by way of another. */
class World {
  /** Author of each post that there is. */
  readonly posts = new Map<string, string>();
  readonly following = new Set([...AUTHORS, STAR]);
  /** Posts of others that are not delivered yet: they need not show. */
  readonly onTheirWay = new Set<string>();
  private count = 0;

  private constructor(
    readonly fanout: Fanout,
    readonly reading: Fanout,
    readonly steps: Steps,
  ) {}

  static async open(): Promise<World> {
    const fanout = await fixture.open(OPTIONS);
    const client = clientOf(fixture.url) as Redis;
    const reading = await Fanout.open({ ...OPTIONS, client, prefix: fixture.prefix });
    const world = new World(fanout, reading, new Steps(client));
    for (const author of world.following) await fanout.follows.follow('ann', author);
    // Everybody follows the star: at least two others live where ann does.
    for (let i = 0; i < 20; i++) await fanout.follows.follow(`reader-${i}`, STAR);
    await fanout.timelines.page('ann');
    for (let i = 0; i < 30; i++) await world.add([...AUTHORS, STAR, 'ann'][i % 6] ?? '');
    await world.deliver();
    await world.drop();
    return world;
  }

  /** A post in the past, but newer than those before, unless it is to be late. */
  async add(author: string, secondsBack = 0): Promise<string> {
    const atMs = 1e12 + 1000 * (this.count++ - secondsBack) + 100 * secondsBack;
    const { id } = await this.fanout.posts.import({ author, text: `post ${this.count}`, atMs });
    this.posts.set(id, author);
    this.onTheirWay.add(id);
    return id;
  }

  async publish(author: string): Promise<void> {
    const { post } = await this.fanout.posts.publish({ author, text: 'now' });
    this.posts.set(post.id, author);
  }

  async deliver(): Promise<void> {
    await deliverAll(this.fanout, fixture.client);
    this.onTheirWay.clear();
  }

  async drop(): Promise<void> {
    const [key = ''] = await fixture.allKeys('*:timeline:ann');
    await fixture.client.del(key);
  }

  async delete(id: string): Promise<void> {
    await this.fanout.posts.delete(id, this.posts.get(id) ?? '');
    this.posts.delete(id);
  }

  /** What ann is to see. */
  get expected(): string[] {
    const seen = [...this.posts].filter(([, author]) => author === 'ann' || this.following.has(author));
    return seen
      .map(([id]) => id)
      .sort()
      .reverse();
  }
}

/** What may happen while the timeline is built. */
const EVENTS: Record<string, (world: World) => Promise<unknown>> = {
  'posts of all kinds that are delivered': async (world) => {
    for (const author of [...AUTHORS, STAR, 'ann']) await world.add(author);
    await world.deliver();
  },
  'posts of all kinds that are delivered later': async (world) => {
    for (const author of [...AUTHORS, STAR]) await world.add(author);
    await world.publish('ann');
  },
  'posts that come late': async (world) => {
    for (const [i, author] of [...AUTHORS, STAR].entries()) await world.add(author, 3 * i + 2);
    await world.deliver();
  },
  'more posts than a timeline holds': async (world) => {
    for (let i = 0; i < 40; i++) await world.add([...AUTHORS, STAR][i % 5] ?? '');
    await world.deliver();
  },
  'the deletion of a post that had been read': async (world) => {
    for (const id of world.expected.slice(1, 6)) await world.delete(id);
    await world.deliver();
  },
  'that it is dropped again, and a post': async (world) => {
    await world.drop();
    await world.add('bob');
    await world.deliver();
  },
  'that it is dropped again, and that another builds it': async (world) => {
    await world.drop();
    await world.add('bob');
    await world.fanout.timelines.page('ann');
    await world.add('cid');
    await world.deliver();
  },
  'an unfollow and a follow': async (world) => {
    await world.fanout.follows.unfollow('ann', 'bob');
    world.following.delete('bob');
    await world.add('fay');
    await world.fanout.follows.follow('ann', 'fay');
    world.following.add('fay');
    await world.add('bob');
    await world.deliver();
  },
  'an unfollow, and that another builds it': async (world) => {
    await world.fanout.follows.unfollow('ann', 'bob');
    world.following.delete('bob');
    await world.fanout.timelines.page('ann');
    await world.add('cid');
    await world.deliver();
  },
};

/** Between two steps of the builder: the lists of authors are read by a call for each partition. */
const MOMENTS = [
  'before begin 1',
  'after begin 1',
  'before lists 1',
  'before lists 2',
  'after lists 3',
  'before finish 1',
  'after finish 1',
];

describe.each(MOMENTS)('a timeline that is rebuilt, %s', (moment) => {
  it.each(Object.entries(EVENTS))('misses nothing of %s', async (_, happen) => {
    const world = await World.open();
    const before = world.expected;
    world.steps.at(moment, () => happen(world));
    const { items } = await world.reading.timelines.page('ann', { limit: 100 });
    expect(world.steps.outstanding).toEqual([]);

    // What was there before shows, unless it went meanwhile; what came meanwhile may show.
    const shown = items.map(({ id }) => id);
    expect(shown).toEqual([...new Set(shown)].sort().reverse());
    const stayed = before.filter((id) => world.expected.includes(id));
    expect(shown.filter((id) => stayed.includes(id))).toEqual(stayed);

    const delivered = world.expected.filter((id) => !world.onTheirWay.has(id));
    const whole = await wholeTimeline(world.reading, 'ann', 7);
    expect(whole.filter((id) => !world.onTheirWay.has(id))).toEqual(delivered);
    await world.deliver();
    expect(await wholeTimeline(world.reading, 'ann', 7)).toEqual(world.expected);
    await world.add('cid');
    await world.deliver();
    expect(await wholeTimeline(world.reading, 'ann', 7)).toEqual(world.expected);
    expect(await world.fanout.audit.check('ann')).toMatchObject({ state: 'live', isSound: true });
  });
});
