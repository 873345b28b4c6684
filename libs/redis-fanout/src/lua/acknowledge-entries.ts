import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const acknowledgeEntriesScript = new Script('acknowledge-entries', ['stream'], ['group']);

/** Acknowledges entries of a group, the oldest first; answers how many, and how many of the ids it came to look at. See `acknowledge-entries.lua`. */
export async function acknowledgeEntries(
  client: RedisClient,
  keys: KeysOf<typeof acknowledgeEntriesScript>,
  args: ArgsOf<typeof acknowledgeEntriesScript>,
  ids: readonly string[],
): Promise<{ readonly acknowledged: number; readonly done: number }> {
  const reply = (await acknowledgeEntriesScript.run(client, keys, args, ids)) as [number, number];
  return { acknowledged: reply[0], done: reply[1] };
}
