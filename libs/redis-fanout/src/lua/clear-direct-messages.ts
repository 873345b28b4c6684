import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const clearDirectMessagesScript = new Script(
  'clear-direct-messages',
  ['inbox', 'unread'],
  ['through', 'budget'],
);

/** Takes out a part of what a user has read, and answers how much of it is left. See `clear-direct-messages.lua`. */
export async function clearDirectMessages(
  client: RedisClient,
  keys: KeysOf<typeof clearDirectMessagesScript>,
  args: ArgsOf<typeof clearDirectMessagesScript>,
): Promise<number> {
  return (await clearDirectMessagesScript.run(client, keys, args)) as number;
}
