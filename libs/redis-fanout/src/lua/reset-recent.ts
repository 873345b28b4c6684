import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const resetRecentScript = new Script(
  'reset-recent',
  ['recent', 'newestEntry', 'recentChanged', 'recentChanges'],
  ['author'],
);

/** Empties an author's `recent` list, so that readers look at the author's own list instead. See `reset-recent.lua`. */
export async function resetRecent(
  client: RedisClient,
  keys: KeysOf<typeof resetRecentScript>,
  args: ArgsOf<typeof resetRecentScript>,
): Promise<void> {
  await resetRecentScript.run(client, keys, args);
}
