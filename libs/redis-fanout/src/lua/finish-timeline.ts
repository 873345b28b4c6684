import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const finishTimelineScript = new Script(
  'finish-timeline',
  ['timeline', 'newestEntry', 'lastReads'],
  ['mark', 'floor', 'maxEntries', 'reader'],
);

/** Ends the construction of a timeline; false where another has taken over. See `finish-timeline.lua`. */
export async function finishTimeline(
  client: RedisClient,
  keys: KeysOf<typeof finishTimelineScript>,
  args: ArgsOf<typeof finishTimelineScript>,
  ids: readonly string[],
): Promise<boolean> {
  return (await finishTimelineScript.run(client, keys, args, ids)) === 1;
}
