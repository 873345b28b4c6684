import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const beginTimelineScript = new Script('begin-timeline', ['timeline'], ['buildMs', 'random']);

export type BeginOutcome =
  { readonly outcome: 'begun'; readonly mark: string } | { readonly outcome: 'busy' | 'live' };

/** Starts the construction of a timeline that is not there. See `begin-timeline.lua`. */
export async function beginTimeline(
  client: RedisClient,
  keys: KeysOf<typeof beginTimelineScript>,
  args: ArgsOf<typeof beginTimelineScript>,
): Promise<BeginOutcome> {
  const [outcome, mark] = (await beginTimelineScript.run(client, keys, args)) as [
    BeginOutcome['outcome'],
    string,
  ];
  return outcome === 'begun' ? { outcome, mark } : { outcome };
}
