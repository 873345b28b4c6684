import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const giveBackMessagesScript = new Script('give-back-messages', ['taken', 'leases'], ['wakeChannel']);

/** Gives back messages that were taken and not begun, and answers how many. See `give-back-messages.lua`. */
export async function giveBackMessages(
  client: RedisClient,
  keys: KeysOf<typeof giveBackMessagesScript>,
  args: ArgsOf<typeof giveBackMessagesScript>,
  ids: readonly string[],
): Promise<number> {
  return (await giveBackMessagesScript.run(client, keys, args, ids)) as number;
}
