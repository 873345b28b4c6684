import { type RedisClient } from '../redis/redis-client.js';
import { type StreamKeys } from '../streams/stream-keys.js';
import { defineScript, runScript } from './script.js';

export const deadLetterEntryScript = defineScript(
  'dead-letter-entry',
  ['stream', 'failures', 'deadLetters'],
  ['group', 'consumer', 'id', 'minIdleMs', 'limit', 'unknownError'],
);

/** `gone`: not pending any more, or in the hands of another consumer. `full`: nothing has changed. */
export type DeadLetterOutcome = 'moved' | 'gone' | 'full';

export interface DeadLetterRequest {
  readonly group: string;
  readonly consumer: string;
  readonly id: string;
  /** How long an entry of another consumer must have been idle. */
  readonly minIdleMs: number;
  /** How many dead letters there may be. */
  readonly limit: number;
}

/** The error of an entry that nobody could record one for: whoever handled it died of it. */
const CONSUMER_ENDED = 'its consumer ended while handling it';

/** Moves a pending entry with its history to the dead letters, in one step. Idempotent. */
export async function deadLetterEntry(
  client: RedisClient,
  { stream, failures, deadLetters }: StreamKeys,
  request: DeadLetterRequest,
): Promise<DeadLetterOutcome> {
  const args = { ...request, unknownError: CONSUMER_ENDED };
  const call = { keys: { stream, failures, deadLetters }, args };
  return (await runScript(client, deadLetterEntryScript, call)) as DeadLetterOutcome;
}
