import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import { type OpenedTimeline, openedTimeline } from './opened-timeline.js';

export const followAuthorScript = new Script(
  'follow-author',
  ['following', 'followers', 'followingMuted', 'followersMuted', 'muted', 'blocked', 'blockedBy', 'timeline'],
  ['reader', 'author', 'buildMs', 'random', 'backfill'],
);

/**
 * Lets a reader follow an author, and opens the reader's live timeline to be finished.
 * See `follow-author.lua`.
 */
export async function followAuthor(
  client: RedisClient,
  keys: KeysOf<typeof followAuthorScript>,
  args: ArgsOf<typeof followAuthorScript>,
): Promise<OpenedTimeline | 'blocked' | undefined> {
  const reply = (await followAuthorScript.run(client, keys, args)) as string[];
  return reply[0] === 'blocked' ? 'blocked' : openedTimeline(reply);
}
