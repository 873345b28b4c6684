import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const destroyGroupScript = new Script('destroy-group', ['stream', 'deadLetters'], ['group']);

/** Takes the group of a recipient from a stream. See `destroy-group.lua`. */
export async function destroyGroup(
  client: RedisClient,
  keys: KeysOf<typeof destroyGroupScript>,
  args: ArgsOf<typeof destroyGroupScript>,
): Promise<boolean> {
  return (await destroyGroupScript.run(client, keys, args)) === 1;
}
