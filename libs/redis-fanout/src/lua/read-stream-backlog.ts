import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

/** How far a group is behind on one stream. */
export interface GroupBacklog {
  readonly waiting: number;
  readonly taken: number;
  readonly oldestMs: number;
}

export const readStreamBacklogScript = new Script('read-stream-backlog', ['stream'], ['group']);

/** Counts what a group has not acknowledged. See `read-stream-backlog.lua`. */
export async function readStreamBacklog(
  client: RedisClient,
  keys: KeysOf<typeof readStreamBacklogScript>,
  args: ArgsOf<typeof readStreamBacklogScript>,
): Promise<GroupBacklog> {
  const [waiting, taken, oldestMs] = (await readStreamBacklogScript.run(client, keys, args)) as [
    number,
    number,
    number,
  ];
  return { waiting, taken, oldestMs };
}
