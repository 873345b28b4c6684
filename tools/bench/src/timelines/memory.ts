import type { Redis } from 'ioredis';
import type { Fanout } from 'redis-fanout';

import { Keys } from '../fanout/keys.js';
import { allDelivered } from '../shared/delivered.js';
import { forEach } from '../shared/for-each.js';
import { type Plan, WRITING } from './plan.js';

/** Bytes of one entry of a timeline, with its share of the key. */
export interface KeptFigures {
  readonly length: number;
  readonly ours: number;
  readonly list: number;
  readonly sortedSet: number;
}

const AUTHOR = '5000000';
const FIRST_ID = 1_800_000_000_000_000;

/**
 * Timelines that were pushed to until they are so long, beside lists and sorted sets of ids as long (of 16 digits, which is
 * what a sorted set can tell apart).
 */
export async function measureKept(
  redis: Redis,
  fanout: Fanout,
  { kept, lengths }: Plan,
): Promise<KeptFigures[]> {
  const readers = Array.from({ length: kept }, (_, i) => String(1_000_000 + i));
  await forEach(readers, WRITING, async (reader) => {
    await fanout.timelines.page(reader);
    await fanout.follows.follow(reader, AUTHOR);
  });
  const keys = new Keys('fanout', fanout.partitions);
  const worker = fanout.startDelivering();
  const figures: KeptFigures[] = [];
  try {
    for (const length of lengths) {
      const before = figures.at(-1)?.length ?? 0;
      await publish(fanout, length - before);
      await allDelivered(redis, fanout);
      const ids = Array.from({ length }, (_, i) => String(FIRST_ID + i));
      figures.push({
        length,
        ours:
          (await averageBytes(
            redis,
            readers.map((reader) => keys.timelineOf(reader)),
          )) / length,
        list: (await bytesOf(redis, 'list', async (key) => redis.rpush(key, ...ids))) / length,
        sortedSet:
          (await bytesOf(redis, 'sorted-set', async (key) =>
            redis.zadd(key, ...ids.flatMap((id) => [id, id])),
          )) / length,
      });
    }
  } finally {
    await worker.stop();
  }
  return figures;
}

async function publish(fanout: Fanout, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await fanout.posts.publish({ author: AUTHOR, text: 'x' });
}

async function bytesOf(redis: Redis, kind: string, make: (key: string) => Promise<unknown>): Promise<number> {
  // As long as the names of our timelines.
  const key = `${kind}:timeline:1000000`;
  await make(key);
  const bytes = await averageBytes(redis, [key]);
  await redis.del(key);
  return bytes;
}

async function averageBytes(redis: Redis, keys: readonly string[]): Promise<number> {
  const sizes = await Promise.all(keys.map(async (key) => redis.memory('USAGE', key, 'SAMPLES', 0)));
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) / keys.length;
}
