import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import { type OpenedTimeline, openedTimeline } from './opened-timeline.js';

export const followAuthorScript = new Script(
  'follow-author',
  ['following', 'followers', 'timeline'],
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
): Promise<OpenedTimeline | undefined> {
  return openedTimeline((await followAuthorScript.run(client, keys, args)) as string[]);
}
