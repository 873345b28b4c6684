import type { Redis } from 'ioredis';
import type { Fanout } from 'redis-fanout';

import { Keys } from '../fanout/keys.js';
import { allDelivered } from '../shared/delivered.js';
import { forEach } from '../shared/for-each.js';
import type { MeasuredRedis } from '../shared/measured-redis.js';
import { below, differentBelow, seededRandom } from '../shared/random.js';
import { PAGE, type Plan, READING, WRITING } from './plan.js';

/** What a page costs. */
export interface ReadFigures {
  /** All that Redis spends. */
  readonly redisCpuUs: number;
  /** The time of the commands that find the ids. */
  readonly idsUs: number;
  /** The time of the commands that fetch the posts. */
  readonly bodiesUs: number;
  readonly perSecond: number;
}

/** Ways to read a page of ids. */
export interface Reading {
  readonly name: string;
  readonly read: (reader: number) => Promise<unknown>;
}

/** What a page takes; see `Timelines.page`. Sorted sets are read by others. */
const OF_IDS = ['lrange', 'zrevrange', 'lindex', 'sinter', 'zadd'];
const OF_BODIES = ['hmget', 'get'];
/** Looks whether what is kept still holds: at one key for the ids, and at one for the bodies. */
const OF_BOTH = ['mget'];

export const BARE = 'bare LRANGE of 50 ids';
export const NONE_PULLED = 'a page, none pulled';
export const PULLED = 'a page, large authors pulled';

/** Two kinds of readers: the second ones follow large authors, too. */
export class Readers {
  private readonly posted: { readonly id: string; readonly author: number }[] = [];
  private readonly followed: number[][];
  private readonly keys: Keys;

  constructor(
    private readonly redis: Redis,
    private readonly fanout: Fanout,
    private readonly plan: Plan,
  ) {
    this.keys = new Keys('fanout', fanout.partitions);
    const random = seededRandom(1);
    this.followed = Array.from({ length: 2 * plan.readers }, (_, reader) => [
      ...differentBelow(plan.authors, plan.followed, random),
      ...(reader < plan.readers ? [] : Array.from({ length: plan.large }, (__, i) => plan.authors + i)),
    ]);
  }

  /** Has them follow, and fills their timelines. */
  async prepare(): Promise<void> {
    const { authors, large, posts } = this.plan;
    await forEach(this.followed, WRITING, async (followed, reader) => {
      await this.fanout.timelines.page(nameOf(reader));
      for (const author of followed) await this.fanout.follows.import(nameOf(reader), authorOf(author));
    });
    const random = seededRandom(2);
    const worker = this.fanout.startDelivering();
    for (let i = 0; i < posts; i++) {
      const author = below(authors + large, random);
      const { post } = await this.fanout.posts.publish({ author: authorOf(author), text: String(i) });
      this.posted.push({ id: post.id, author });
    }
    await allDelivered(this.redis, this.fanout);
    await worker.stop();
    // Those that are not there yet are built.
    await forEach(this.followed, READING, async (_, reader) => this.fanout.timelines.page(nameOf(reader)));
  }

  /** The ways that are compared. */
  get ways(): Reading[] {
    const { readers } = this.plan;
    const page = async (reader: number): Promise<unknown> => this.fanout.timelines.page(nameOf(reader));
    return [
      {
        name: BARE,
        read: async (reader) => this.redis.lrange(this.keys.timelineOf(nameOf(reader)), -PAGE, -1),
      },
      { name: NONE_PULLED, read: page },
      { name: PULLED, read: async (reader) => page(reader + readers) },
    ];
  }

  /** @throws Error where pages are not what they are to be */
  async check(): Promise<void> {
    for (const reader of [0, 1, this.plan.readers, this.plan.readers + 1]) {
      const followed = new Set(this.followed[reader]);
      const due = this.posted
        .filter(({ author }) => followed.has(author))
        .map(({ id }) => id)
        .sort()
        .reverse()
        .slice(0, PAGE);
      const { items } = await this.fanout.timelines.page(nameOf(reader));
      const found = items.map(({ id }) => id);
      if (found.join() !== due.join())
        throw new Error(`the page of ${nameOf(reader)} is not what it is to be`);
    }
  }
}

/** Reads pages of readers at random, of so many. */
export async function readPages(
  { read }: Reading,
  {
    pages,
    readers: all,
    round,
  }: { readonly pages: number; readonly readers: number; readonly round: number },
  redis: MeasuredRedis,
): Promise<ReadFigures> {
  const random = seededRandom(3 + round);
  const readers = Array.from({ length: pages }, () => below(all, random));
  const before = await redis.commandTimesUs();
  const { cpuUs, seconds } = await redis.cost(async () => forEach(readers, READING, read));
  const after = await redis.commandTimesUs();
  const spent = (commands: readonly string[]): number =>
    commands.reduce((sum, name) => sum + (after.get(name) ?? 0) - (before.get(name) ?? 0), 0) / pages;
  const looks = spent(OF_BOTH);
  return {
    redisCpuUs: cpuUs / pages,
    idsUs: spent(OF_IDS) + looks / 2,
    bodiesUs: spent(OF_BODIES) + looks / 2,
    perSecond: pages / seconds,
  };
}

function nameOf(reader: number): string {
  return String(2_000_000 + reader);
}

function authorOf(author: number): string {
  return String(6_000_000 + author);
}
