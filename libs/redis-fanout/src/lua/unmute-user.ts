import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import { type OpenedTimeline, openedTimeline } from './opened-timeline.js';

export const unmuteUserScript = new Script(
  'unmute-user',
  ['following', 'followers', 'followingMuted', 'followersMuted', 'muted', 'timeline'],
  ['reader', 'other', 'buildMs', 'random'],
);

/** Ends that a reader has muted a user, and opens the reader's live timeline to be finished. See `unmute-user.lua`. */
export async function unmuteUser(
  client: RedisClient,
  keys: KeysOf<typeof unmuteUserScript>,
  args: ArgsOf<typeof unmuteUserScript>,
): Promise<OpenedTimeline | undefined> {
  return openedTimeline((await unmuteUserScript.run(client, keys, args)) as string[]);
}
