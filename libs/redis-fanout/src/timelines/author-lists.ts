import type { PartitionedRedis } from '../redis/partitioned.js';
import { IdList } from './id-list.js';

/** Fewer than these at once are not worth a command. */
const MIN_CHUNK = 4;

/** The own lists of everyone whose posts a reader's timeline is made of: whom they follow, and themselves. */
export async function authorLists(
  redis: PartitionedRedis,
  reader: string,
  wanted: number,
): Promise<IdList[]> {
  const [authors] = (await redis.pipeline([
    { partition: redis.keys.partitionOf(reader), command: ['SMEMBERS', redis.keys.following(reader)] },
  ])) as [string[]];
  // Twice the even share: with less most lists would have to be read again.
  const chunk = Math.min(wanted, Math.max(MIN_CHUNK, Math.ceil((2 * wanted) / (authors.length + 1))));
  return [reader, ...authors].map((author) => authorList(redis, author, chunk));
}

/** An author's own list. */
export function authorList(redis: PartitionedRedis, author: string, chunk: number): IdList {
  const { keys } = redis;
  return new IdList(
    { partition: keys.partitionOf(author), key: keys.posts(author), endsWithFloor: false },
    Math.max(1, chunk),
  );
}
