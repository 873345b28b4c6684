import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import { type MarkedTimeline, markedTimeline } from './marked-timeline.js';

export const followAuthorScript = new Script(
  'follow-author',
  ['following', 'followers', 'followingMuted', 'followersMuted', 'muted', 'blocked', 'blockedBy', 'timeline'],
  ['reader', 'author', 'buildMs', 'random', 'backfill'],
);

/**
 * Lets a reader follow an author, and marks the reader's live timeline.
 * See `follow-author.lua`.
 */
export async function followAuthor(
  client: RedisClient,
  keys: KeysOf<typeof followAuthorScript>,
  args: ArgsOf<typeof followAuthorScript>,
): Promise<MarkedTimeline | 'blocked' | undefined> {
  const reply = (await followAuthorScript.run(client, keys, args)) as string[];
  return reply[0] === 'blocked' ? 'blocked' : markedTimeline(reply);
}
