import type { Fanout } from '../../src/index.js';
import { deliverAll, deliverSome, Fixture, wholeTimeline } from '../support/fixture.js';

const READERS = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6'];
const AUTHORS = ['a1', 'a2', 'a3', 'a4'];
const ROUNDS = 60;

/** A small generator of numbers, the same for the same seed. (Park and Miller's.) */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

class World {
  readonly follows = new Set<string>();
  readonly posts = new Map<string, string>();
  running = true;

  constructor(
    readonly fanout: Fanout,
    readonly fixture: Fixture,
  ) {}

  /** A reader changes their mind again and again, and looks each time; posts come in at the same time. */
  async read(reader: string, random: (below: number) => number): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) {
      const author = AUTHORS[random(AUTHORS.length)] ?? '';
      const change = this.follows.has(`${reader} ${author}`)
        ? this.unfollow(reader, author, 10 + random(90))
        : this.follow(reader, author, 10 + random(90));
      await Promise.all([change, this.publish(AUTHORS[random(AUTHORS.length)] ?? '')]);
    }
  }

  private async follow(reader: string, author: string, limit: number): Promise<void> {
    const published = [...this.posts].filter(([, by]) => by === author).map(([id]) => id);
    await this.fanout.follows.follow(reader, author);
    this.follows.add(`${reader} ${author}`);
    const shown = await wholeTimeline(this.fanout, reader, limit);
    expect(shown).toEqual(expect.arrayContaining(published));
    expect(shown).toEqual([...new Set(shown)].sort().reverse());
  }

  private async unfollow(reader: string, author: string, limit: number): Promise<void> {
    await this.fanout.follows.unfollow(reader, author);
    this.follows.delete(`${reader} ${author}`);
    const shown = await wholeTimeline(this.fanout, reader, limit);
    expect(shown.filter((id) => this.posts.get(id) === author)).toEqual([]);
  }

  private async publish(author: string): Promise<void> {
    const { post } = await this.fanout.posts.publish({ author, text: 'hello' });
    this.posts.set(post.id, author);
  }

  /** Two of them deliver the same events now and then. */
  async work(random: (below: number) => number): Promise<void> {
    while (this.running) {
      await deliverSome(this.fanout, this.fixture.client, random(this.fanout.partitions), 1 + random(20));
    }
  }
}

describe.each([
  ['standalone', Infinity],
  ['standalone', 0],
  ['standalone', 2],
  ['cluster', 2],
] as const)('timelines on a %s, pushed up to %p followers', (kind, pushMaxFollowers) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture[kind]();
  });
  afterAll(async () => {
    await fixture.stop();
  });

  it('are right at every moment while everything happens at once', async () => {
    const fanout = await fixture.open({
      partitions: 3,
      pushMaxFollowers,
      timelineMaxEntries: 20,
      authorMaxPosts: 1000,
    });
    const world = new World(fanout, fixture);
    const background = [1, 2].map((seed) => world.work(numbers(seed)));
    try {
      await Promise.all(READERS.map((reader, i) => world.read(reader, numbers(100 + i))));
    } finally {
      world.running = false;
      await Promise.all(background);
    }
    await deliverAll(fanout, fixture.client);
    for (const reader of READERS) {
      const expected = [...world.posts]
        .filter(([, author]) => world.follows.has(`${reader} ${author}`))
        .map(([id]) => id);
      expect(await wholeTimeline(fanout, reader, 100)).toEqual(expected.sort().reverse());
    }
  });
});
