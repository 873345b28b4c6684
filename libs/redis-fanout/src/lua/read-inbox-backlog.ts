import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import type { Backlog } from '../strategies/fanout-strategy.js';

export const readInboxBacklogScript = new Script(
  'read-inbox-backlog',
  ['inbox', 'taken', 'leases', 'dropped'],
  ['messageStem'],
);

/** Counts what waits for a recipient. See `read-inbox-backlog.lua`. */
export async function readInboxBacklog(
  client: RedisClient,
  keys: KeysOf<typeof readInboxBacklogScript>,
  args: ArgsOf<typeof readInboxBacklogScript>,
): Promise<Backlog> {
  const reply = (await readInboxBacklogScript.run(client, keys, args)) as (string | number)[];
  const [waiting, taken, dropped, oldestMs] = reply.slice(0, 4).map(Number);
  const bySource = new Map<string, number>();
  for (let i = 4; i < reply.length; i += 2) bySource.set(String(reply[i]), Number(reply[i + 1]));
  return { waiting, taken, dropped, oldestMs, bySource } as Backlog;
}
