import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import { type HandedOut, handedOut } from './handed-out.js';

export const renewLeasesScript = new Script('renew-leases', ['taken', 'leases'], ['leaseMs']);

/** Begins the leases of messages anew, and answers how many. See `renew-leases.lua`. */
export async function renewLeases(
  client: RedisClient,
  keys: KeysOf<typeof renewLeasesScript>,
  args: ArgsOf<typeof renewLeasesScript>,
  messages: readonly HandedOut[],
): Promise<number> {
  return (await renewLeasesScript.run(client, keys, args, handedOut(messages))) as number;
}
