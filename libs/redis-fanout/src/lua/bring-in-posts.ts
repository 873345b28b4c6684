import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const bringInPostsScript = new Script(
  'bring-in-posts',
  ['timeline', 'newestEntry'],
  ['mark', 'floor', 'maxEntries'],
);

/** Brings posts into a marked timeline; false where another has taken over. See `bring-in-posts.lua`. */
export async function bringInPosts(
  client: RedisClient,
  keys: KeysOf<typeof bringInPostsScript>,
  args: ArgsOf<typeof bringInPostsScript>,
  /** Newest first, all above the floor. */
  ids: readonly string[],
): Promise<boolean> {
  return (await bringInPostsScript.run(client, keys, args, ids)) === 1;
}
