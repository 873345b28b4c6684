import type { RedisClient } from '../redis/client.js';
import { type KeysOf, Script } from '../redis/script.js';

export const findDirectMessagesScript = new Script('find-direct-messages', ['inbox'], []);

/** Gives the entries of those messages that are in an inbox, in the order of the ids. See `find-direct-messages.lua`. */
export async function findDirectMessages(
  client: RedisClient,
  keys: KeysOf<typeof findDirectMessagesScript>,
  ids: readonly string[],
): Promise<string[]> {
  return (await findDirectMessagesScript.run(client, keys, {}, ids)) as string[];
}
