import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const acknowledgeEntriesScript = new Script(
  'acknowledge-entries',
  ['stream', 'acknowledgedAhead'],
  ['group'],
);

/** Acknowledges entries of a group, and answers how many. See `acknowledge-entries.lua`. */
export async function acknowledgeEntries(
  client: RedisClient,
  keys: KeysOf<typeof acknowledgeEntriesScript>,
  args: ArgsOf<typeof acknowledgeEntriesScript>,
  ids: readonly string[],
): Promise<number> {
  return (await acknowledgeEntriesScript.run(client, keys, args, ids)) as number;
}
