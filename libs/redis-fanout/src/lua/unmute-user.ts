import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import { type MarkedTimeline, markedTimeline } from './marked-timeline.js';

export const unmuteUserScript = new Script(
  'unmute-user',
  ['following', 'followers', 'followingMuted', 'followersMuted', 'muted', 'timeline'],
  ['reader', 'other', 'buildMs', 'random'],
);

/** Ends that a reader has muted a user, and marks the reader's live timeline. See `unmute-user.lua`. */
export async function unmuteUser(
  client: RedisClient,
  keys: KeysOf<typeof unmuteUserScript>,
  args: ArgsOf<typeof unmuteUserScript>,
): Promise<MarkedTimeline | undefined> {
  return markedTimeline((await unmuteUserScript.run(client, keys, args)) as string[]);
}
