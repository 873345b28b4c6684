import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const createGroupScript = new Script(
  'create-group',
  ['stream'],
  ['group', 'after', 'largestAudience'],
);

/** Gives a recipient a group on a stream, unless there is one. See `create-group.lua`. */
export async function createGroup(
  client: RedisClient,
  keys: KeysOf<typeof createGroupScript>,
  args: ArgsOf<typeof createGroupScript>,
): Promise<'created' | 'existing' | 'full'> {
  return (await createGroupScript.run(client, keys, args)) as 'created' | 'existing' | 'full';
}
