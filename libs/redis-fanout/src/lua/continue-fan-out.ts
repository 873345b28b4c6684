import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const continueFanOutScript = new Script(
  'continue-fan-out',
  ['lastPosition', 'unfinished', 'guard'],
  ['id', 'maxMessages', 'inboxStem', 'droppedStem', 'wakeStem', 'messageStem', 'fanOutStem'],
);

/** Goes a step on, and answers whether a message is unfinished still. See `continue-fan-out.lua`. */
export async function continueFanOut(
  client: RedisClient,
  keys: KeysOf<typeof continueFanOutScript>,
  args: ArgsOf<typeof continueFanOutScript>,
): Promise<boolean> {
  return (await continueFanOutScript.run(client, keys, args)) === 1;
}
