import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const renewLeasesScript = new Script('renew-leases', ['leases'], ['leaseMs']);

/** Begins the leases of messages anew, and answers how many. See `renew-leases.lua`. */
export async function renewLeases(
  client: RedisClient,
  keys: KeysOf<typeof renewLeasesScript>,
  args: ArgsOf<typeof renewLeasesScript>,
  ids: readonly string[],
): Promise<number> {
  return (await renewLeasesScript.run(client, keys, args, ids)) as number;
}
