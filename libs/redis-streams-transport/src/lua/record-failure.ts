import { type RedisClient } from '../redis/redis-client.js';
import { type StreamKeys } from '../streams/stream-keys.js';
import { defineScript, runScript } from './script.js';

export const recordFailureScript = defineScript(
  'record-failure',
  ['stream', 'failures'],
  ['group', 'consumer', 'error'],
  'id',
);

export interface Failure {
  readonly group: string;
  readonly consumer: string;
  /** Why, in at most 1,000 characters. */
  readonly error: string;
  readonly ids: readonly string[];
}

/** Keeps the first and the last error of pending entries beside the stream. Returns how many were still pending. */
export async function recordFailure(
  client: RedisClient,
  { stream, failures }: StreamKeys,
  failure: Failure,
): Promise<number> {
  const { ids, ...args } = failure;
  return Number(
    await runScript(client, recordFailureScript, { keys: { stream, failures }, args, rest: ids }),
  );
}
