import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import { type OpenedTimeline, openedTimeline } from './opened-timeline.js';

export const blockUserScript = new Script(
  'block-user',
  ['following', 'followers', 'followingMuted', 'followersMuted', 'blocks', 'timeline'],
  ['user', 'other', 'buildMs', 'random'],
);

/** Notes one side of a block, and opens the user's live timeline to be finished. See `block-user.lua`. */
export async function blockUser(
  client: RedisClient,
  keys: KeysOf<typeof blockUserScript>,
  args: ArgsOf<typeof blockUserScript>,
): Promise<OpenedTimeline | undefined> {
  return openedTimeline((await blockUserScript.run(client, keys, args)) as string[]);
}
