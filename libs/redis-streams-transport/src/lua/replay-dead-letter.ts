import { type RedisClient } from '../redis/redis-client.js';
import { type StreamKeys } from '../streams/stream-keys.js';
import { defineScript, runScript } from './script.js';

export const replayDeadLetterScript = defineScript('replay-dead-letter', ['stream', 'deadLetters'], ['id']);

/** Moves a dead letter back to the end of its stream, in one step. Returns whether it was there. */
export async function replayDeadLetter(
  client: RedisClient,
  { stream, deadLetters }: StreamKeys,
  id: string,
): Promise<boolean> {
  return (
    (await runScript(client, replayDeadLetterScript, { keys: { stream, deadLetters }, args: { id } })) === 1
  );
}
