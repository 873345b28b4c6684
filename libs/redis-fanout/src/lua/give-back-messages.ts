import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import { type HandedOut, handedOut } from './handed-out.js';

export const giveBackMessagesScript = new Script('give-back-messages', ['taken', 'leases'], ['wakeChannel']);

/** Gives back messages that were taken and not begun, and answers how many. See `give-back-messages.lua`. */
export async function giveBackMessages(
  client: RedisClient,
  keys: KeysOf<typeof giveBackMessagesScript>,
  args: ArgsOf<typeof giveBackMessagesScript>,
  messages: readonly HandedOut[],
): Promise<number> {
  return (await giveBackMessagesScript.run(client, keys, args, handedOut(messages))) as number;
}
