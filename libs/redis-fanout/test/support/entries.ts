import type { RedisClient } from '../../src/redis/client.js';
import { parseFirstEntry } from '../../src/timelines/first-entry.js';

/** The entries of a timeline, oldest first: its floor, and the ids. */
export async function entriesOf(client: RedisClient, key: string): Promise<string[]> {
  const [first, ...ids] = await client.lrange(key, 0, -1);
  return first === undefined ? [] : [parseFirstEntry(first).floor, ...ids];
}
