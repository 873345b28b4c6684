import { type RedisClient } from '../redis/redis-client.js';
import { type StreamKeys } from '../streams/stream-keys.js';
import { defineScript, runScript } from './script.js';

export const acknowledgeEntriesScript = defineScript(
  'acknowledge-entries',
  ['stream', 'failures'],
  ['group'],
  'id',
);

/**
 * Acknowledges entries and trims the stream to what some group still needs, in one step. Idempotent.
 *
 * @returns how many of them were still pending
 */
export async function acknowledgeEntries(
  client: RedisClient,
  { stream, failures }: StreamKeys,
  group: string,
  ids: readonly string[],
): Promise<number> {
  const call = { keys: { stream, failures }, args: { group }, rest: ids };
  return Number(await runScript(client, acknowledgeEntriesScript, call));
}
