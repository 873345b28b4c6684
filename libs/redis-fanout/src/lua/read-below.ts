import type { RedisClient } from '../redis/client.js';
import { Script } from '../redis/script.js';

export const readBelowScript = new Script('read-below', [], ['count']);

/** Above every id. */
export const ABOVE_ALL_IDS = '9999999999999999999';

/** A list in Redis, and the id below which it is read. */
export interface BelowRequest {
  readonly key: string;
  readonly below: string;
}

/** Reads on in lists of one partition, newest first; fewer than `count` ids where a list ends. See `read-below.lua`. */
export async function readBelow(
  client: RedisClient,
  count: number,
  lists: readonly BelowRequest[],
): Promise<string[][]> {
  const keys = lists.map(({ key }) => key);
  const ids = lists.map(({ below }) => below);
  const replies = (await readBelowScript.run(client, {}, { count }, ids, keys)) as string[][];
  return replies.map((reply) => reply.reverse());
}
