import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const continueFanOutScript = new Script(
  'continue-fan-out',
  ['unfinished', 'guard'],
  ['maxMessages', 'inboxStem', 'droppedStem', 'wakeStem', 'messageStem', 'fanOutStem'],
);

/** Brings what a publisher has left a step further, and answers how much is left. See `continue-fan-out.lua`. */
export async function continueFanOut(
  client: RedisClient,
  keys: KeysOf<typeof continueFanOutScript>,
  args: ArgsOf<typeof continueFanOutScript>,
): Promise<number> {
  return (await continueFanOutScript.run(client, keys, args)) as number;
}
