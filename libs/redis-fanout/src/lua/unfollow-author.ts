import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import { type OpenedTimeline, openedTimeline } from './opened-timeline.js';

export const unfollowAuthorScript = new Script(
  'unfollow-author',
  ['following', 'followers', 'followingMuted', 'followersMuted', 'timeline'],
  ['reader', 'author', 'buildMs', 'random'],
);

/** Ends that a reader follows an author, and opens the reader's live timeline to be finished. See `unfollow-author.lua`. */
export async function unfollowAuthor(
  client: RedisClient,
  keys: KeysOf<typeof unfollowAuthorScript>,
  args: ArgsOf<typeof unfollowAuthorScript>,
): Promise<OpenedTimeline | undefined> {
  return openedTimeline((await unfollowAuthorScript.run(client, keys, args)) as string[]);
}
