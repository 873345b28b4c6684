import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import { type OpenedTimeline, openedTimeline } from './opened-timeline.js';

export const muteUserScript = new Script(
  'mute-user',
  ['following', 'followers', 'followingMuted', 'followersMuted', 'muted', 'timeline'],
  ['reader', 'other', 'buildMs', 'random'],
);

/** Lets a reader mute a user, and opens the reader's live timeline to be finished. See `mute-user.lua`. */
export async function muteUser(
  client: RedisClient,
  keys: KeysOf<typeof muteUserScript>,
  args: ArgsOf<typeof muteUserScript>,
): Promise<OpenedTimeline | undefined> {
  return openedTimeline((await muteUserScript.run(client, keys, args)) as string[]);
}
