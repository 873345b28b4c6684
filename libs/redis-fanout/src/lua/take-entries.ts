import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import { type StreamEntry, streamEntries, type StreamReply } from './stream-entry.js';

export const takeEntriesScript = new Script(
  'take-entries',
  ['stream', 'deadLetters'],
  ['group', 'limit', 'leaseMs', 'maxAttempts', 'maxDeadLetters'],
);

/** Takes the oldest entries that a group has not acknowledged and nobody holds. See `take-entries.lua`. */
export async function takeEntries(
  client: RedisClient,
  keys: KeysOf<typeof takeEntriesScript>,
  args: ArgsOf<typeof takeEntriesScript>,
): Promise<StreamEntry[]> {
  return streamEntries((await takeEntriesScript.run(client, keys, args)) as StreamReply);
}
