import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const replayEntriesScript = new Script(
  'replay-entries',
  ['stream'],
  ['group', 'after', 'wakeChannel'],
);

/** Goes back to a point. Answers whether there is such a group. See `replay-entries.lua`. */
export async function replayEntries(
  client: RedisClient,
  keys: KeysOf<typeof replayEntriesScript>,
  args: ArgsOf<typeof replayEntriesScript>,
): Promise<boolean> {
  return (await replayEntriesScript.run(client, keys, args)) === 1;
}
