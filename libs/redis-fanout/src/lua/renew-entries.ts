import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import { type HandedOut, handedOut } from './handed-out.js';

export const renewEntriesScript = new Script('renew-entries', ['stream'], ['group', 'leaseMs']);

/** Begins the leases of entries anew, and answers how many. See `renew-entries.lua`. */
export async function renewEntries(
  client: RedisClient,
  keys: KeysOf<typeof renewEntriesScript>,
  args: ArgsOf<typeof renewEntriesScript>,
  messages: readonly HandedOut[],
): Promise<number> {
  return (await renewEntriesScript.run(client, keys, args, handedOut(messages))) as number;
}
