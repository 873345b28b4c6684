import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import { type HandedOut, handedOut } from './handed-out.js';

export const giveBackEntriesScript = new Script('give-back-entries', ['stream'], ['group', 'wakeChannel']);

/** Gives back entries that were taken and not begun, and answers how many. See `give-back-entries.lua`. */
export async function giveBackEntries(
  client: RedisClient,
  keys: KeysOf<typeof giveBackEntriesScript>,
  args: ArgsOf<typeof giveBackEntriesScript>,
  messages: readonly HandedOut[],
): Promise<number> {
  return (await giveBackEntriesScript.run(client, keys, args, handedOut(messages))) as number;
}
