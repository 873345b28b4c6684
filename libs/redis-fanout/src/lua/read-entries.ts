import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import { type StreamEntry, streamEntries, type StreamReply } from './stream-entry.js';

export const readEntriesScript = new Script('read-entries', ['stream'], ['group', 'from', 'limit']);

/** Looks at the entries that a group has not acknowledged, from an id on. See `read-entries.lua`. */
export async function readEntries(
  client: RedisClient,
  keys: KeysOf<typeof readEntriesScript>,
  args: ArgsOf<typeof readEntriesScript>,
): Promise<StreamEntry[]> {
  return streamEntries((await readEntriesScript.run(client, keys, args)) as StreamReply);
}
