import type { Redis } from 'ioredis';
import { Fanout, type RedisClient } from 'redis-fanout';

import { Baseline } from '../fanout/baseline.js';
import { authorName, readerName } from '../fanout/graph.js';
import { firstEntry, Keys } from '../fanout/keys.js';
import { idOf } from '../fanout/post.js';
import { fillAll } from '../fanout/seeding.js';
import { allDelivered } from '../shared/delivered.js';
import { forEach } from '../shared/for-each.js';
import { below, differentBelow, type Random, seededRandom } from '../shared/random.js';
import { PAGE, type Plan, WRITING } from './plan.js';
import { BARE, NONE_PULLED, type Reading } from './reading.js';

const BARE_SORTED_SETS = 'bare ZREVRANGE 0 49';

const PREFIX = 'large-set';
/** Timelines that begin with the same posts: the fewer, the more different posts are on pages. */
const ALIKE = 200;
/** Authors that a reader follows, none of whom is pulled. */
const FOLLOWED = 50;
const AUTHORS = 1000;
const CHECKED = 100;

/** So many timelines, lists and sorted sets that no cache has them all, each with entries of its own in memory. */
export class LargeSet {
  private readonly lists: Baseline;
  private readonly sortedSets: Baseline;
  /** The entries of timelines, newest first; see `ALIKE`. */
  private contents: string[][] = [];

  private constructor(
    private readonly redis: Redis,
    private readonly fanout: Fanout,
    private readonly plan: Plan['largeSet'],
    url: string,
  ) {
    this.lists = new Baseline(url, 'lists');
    this.sortedSets = new Baseline(url, 'sorted-sets');
  }

  static async open(
    client: RedisClient,
    redis: Redis,
    url: string,
    plan: Plan['largeSet'],
  ): Promise<LargeSet> {
    return new LargeSet(redis, await Fanout.open({ client, prefix: PREFIX }), plan, url);
  }

  async prepare(): Promise<void> {
    const { timelines, entries } = this.plan;
    const keys = new Keys(PREFIX, this.fanout.partitions);
    const ids = await this.publish();
    const random = seededRandom(7);
    this.contents = Array.from({ length: Math.ceil(timelines / ALIKE) }, () =>
      choose(entries + 1, ids, random),
    );
    for (const [i, content] of this.contents.entries()) {
      const alike = this.readers.slice(i * ALIKE, (i + 1) * ALIKE).map((reader) => keys.timeline(reader));
      const [floor = '', ...oldestFirst] = content.toReversed();
      const entries = [firstEntry(floor), ...oldestFirst];
      await fillAll(this.redis, alike, [async (key) => this.redis.rpush(key, ...entries)]);
    }
    const followed = Array.from({ length: FOLLOWED }, (_, i) => authorName(i));
    const following = this.readers.map((reader) => keys.following(reader));
    await fillAll(this.redis, following, [async (key) => this.redis.sadd(key, ...followed)]);
    await this.fillPlain();
  }

  get ways(): Reading[] {
    const page = async (reader: number): Promise<unknown> => this.fanout.timelines.page(readerName(reader));
    return [...this.plainWays, { name: NONE_PULLED, read: page }];
  }

  /** @throws Error where pages are not what they are to be */
  async check(): Promise<void> {
    const random = seededRandom(8);
    for (let i = 0; i < CHECKED; i++) {
      const reader = below(this.plan.timelines, random);
      const due = this.contents[Math.floor(reader / ALIKE)]?.slice(0, PAGE) ?? [];
      const { items } = await this.fanout.timelines.page(readerName(reader));
      if (items.map(({ id }) => id).join() !== due.join()) {
        throw new Error(`the page of ${readerName(reader)} is not what it is to be`);
      }
      for (const { name, read } of this.plainWays) {
        if ((await read(reader)).join() !== this.plainIds().slice(0, PAGE).join()) {
          throw new Error(`${name} does not read the newest ids`);
        }
      }
    }
  }

  close(): void {
    this.lists.close();
    this.sortedSets.close();
  }

  private get plainWays(): { readonly name: string; readonly read: (reader: number) => Promise<string[]> }[] {
    const { redis, lists, sortedSets } = this;
    return [
      { name: BARE, read: async (reader) => redis.lrange(lists.timelineKey(reader), 0, PAGE - 1) },
      {
        name: BARE_SORTED_SETS,
        read: async (reader) => redis.zrevrange(sortedSets.timelineKey(reader), 0, PAGE - 1),
      },
    ];
  }

  /** What each list and sorted set has, newest first. */
  private plainIds(): string[] {
    const { entries } = this.plan;
    return Array.from({ length: entries }, (_, i) => idOf(entries - i));
  }

  private get readers(): number[] {
    return Array.from({ length: this.plan.timelines }, (_, reader) => reader);
  }

  /** Posts that nobody follows, by id. */
  private async publish(): Promise<string[]> {
    const ids: string[] = [];
    const worker = this.fanout.startDelivering();
    await forEach(Array.from({ length: this.plan.posts }), WRITING, async (_, i) => {
      const author = authorName(i % AUTHORS);
      const { post } = await this.fanout.posts.publish({ author, text: String(i) });
      ids.push(post.id);
    });
    await allDelivered(this.redis, this.fanout);
    await worker.stop();
    return ids;
  }

  private async fillPlain(): Promise<void> {
    const ids = this.plainIds();
    const keysOf = (kind: Baseline): string[] => this.readers.map((reader) => kind.timelineKey(reader));
    await fillAll(this.redis, keysOf(this.lists), [async (key) => this.redis.rpush(key, ...ids)]);
    const members = ids.flatMap((id) => [id, id]);
    await fillAll(this.redis, keysOf(this.sortedSets), [async (key) => this.redis.zadd(key, ...members)]);
  }
}

/** So many different ids, newest first. */
function choose(count: number, ids: readonly string[], random: Random): string[] {
  const chosen = differentBelow(ids.length, count, random).map((i) => ids[i] ?? '');
  return chosen.sort().reverse();
}
