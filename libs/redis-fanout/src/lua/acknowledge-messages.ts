import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const acknowledgeMessagesScript = new Script(
  'acknowledge-messages',
  ['inbox', 'taken', 'leases', 'guard'],
  ['messageStem'],
);

/** Forgets messages of a recipient, and answers how many. See `acknowledge-messages.lua`. */
export async function acknowledgeMessages(
  client: RedisClient,
  keys: KeysOf<typeof acknowledgeMessagesScript>,
  args: ArgsOf<typeof acknowledgeMessagesScript>,
  ids: readonly string[],
): Promise<number> {
  return (await acknowledgeMessagesScript.run(client, keys, args, ids)) as number;
}
