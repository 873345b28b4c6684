import type { Redis } from 'ioredis';

import { type DeliveryAccount, Fanout, type FanoutOptions, type PostEvent } from '../../src/index.js';
import { clientOf } from './faults.js';
import { deliverAll, type Fixture } from './fixture.js';
import { inBatches } from './in-batches.js';

/** What an account comes to. */
export type Counts = Pick<DeliveryAccount, 'pushed' | 'skippedInactive' | 'leftToPull'>;

const STAR = 'star';
/** Posts before this time come late: they cost more than new ones, so that a call serves few followers. */
const LATE_MS = 1e12;
/** The star's posts, with fifty that come late, fit a timeline; those of somebody who posts much do not. */
const OPTIONS = { partitions: 1, pushMaxFollowers: Infinity, timelineMaxEntries: 80 };
const STARS_POSTS = 20;
const OTHERS_POSTS = 100;

/**
 * The followers of a star: a third has a live timeline that goes down far enough for a late post, a third has none, and
 * a third has one that does not go down so far, as they also follow somebody who posts much.
 */
export class Audience {
  readonly followers: readonly string[];
  private latePosts = 0;

  private constructor(
    private readonly fixture: Fixture,
    readonly fanout: Fanout,
    private readonly options: Omit<FanoutOptions, 'client' | 'prefix'>,
    size: number,
    nameOf: (i: number) => string,
  ) {
    this.followers = Array.from({ length: size }, (_, i) => nameOf(i));
  }

  static async open(
    fixture: Fixture,
    size: number,
    nameOf: (i: number) => string,
    options: Omit<FanoutOptions, 'client' | 'prefix'> = {},
  ): Promise<Audience> {
    const all = { ...OPTIONS, ...options };
    const audience = new Audience(fixture, await fixture.open(all), all, size, nameOf);
    await audience.settle();
    return audience;
  }

  /** What becomes of a late post with followers who are pushed to. */
  get pushed(): Counts {
    const [active, inactive, full] = [0, 1, 2].map((rest) => this.part(rest).length);
    return { pushed: active ?? 0, skippedInactive: inactive ?? 0, leftToPull: full ?? 0 };
  }

  /** Followers with a live timeline that goes down far enough. */
  get active(): readonly string[] {
    return this.part(0).sort();
  }

  /** Publishes a late post, one of fifty. */
  async post(): Promise<PostEvent> {
    const atMs = LATE_MS - ++this.latePosts;
    const { id } = await this.fanout.posts.import({ author: STAR, text: 'late', atMs });
    return { kind: 'published', id, author: STAR };
  }

  async follow(...readers: string[]): Promise<void> {
    await inBatches(readers, (reader) => this.fanout.follows.import(reader, STAR));
  }
  async unfollow(...readers: string[]): Promise<void> {
    await inBatches(readers, (reader) => this.fanout.follows.unfollow(reader, STAR));
  }

  /** The same fan-out in another process. */
  async startProcess(url = this.fixture.url): Promise<{ fanout: Fanout; client: Redis }> {
    const client = clientOf(url) as Redis;
    return { client, fanout: await Fanout.open({ ...this.options, client, prefix: this.fixture.prefix }) };
  }

  /** Key of the star's followers. */
  async followersKey(): Promise<string> {
    const [key = ''] = await this.fixture.allKeys(`*:followers:${STAR}`);
    return key;
  }

  async account(id: string): Promise<Counts> {
    const { state, pushed, skippedInactive, leftToPull } = await this.fanout.posts.delivery(id);
    expect(state).toBe('delivered');
    return { pushed, skippedInactive, leftToPull };
  }

  /** The readers whose timelines hold a post; each holds it once. */
  async readersWith(id: string): Promise<string[]> {
    const keys = await this.fixture.allKeys('*:timeline:*');
    const lists = await inBatches(keys, async (key) => this.fixture.client.lrange(key, 0, -1));
    const times = lists.map((list) => list.slice(1).filter((entry) => entry === id).length);
    expect(Math.max(...times)).toBeLessThanOrEqual(1);
    const readers = keys.map((key) => key.slice(key.lastIndexOf(':') + 1));
    return readers.filter((_, i) => times[i] === 1).sort();
  }

  private part(rest: number): string[] {
    return this.followers.filter((_, i) => i % 3 === rest);
  }

  private async settle(): Promise<void> {
    const { fanout } = this;
    await this.follow(...this.followers);
    await inBatches(this.part(2), (reader) => fanout.follows.import(reader, 'chatty'));
    const posts = [
      ...Array.from({ length: STARS_POSTS }, (_, n) => ({ author: STAR, atMs: LATE_MS + n })),
      ...Array.from({ length: OTHERS_POSTS }, (_, n) => ({ author: 'chatty', atMs: LATE_MS + 100 + n })),
    ];
    await inBatches(posts, (post) => fanout.posts.import({ ...post, text: 'text' }));
    await deliverAll(fanout, this.fixture.client);
    await inBatches([...this.part(0), ...this.part(2)], (reader) => fanout.timelines.page(reader));
  }
}
