import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const resolveDeadLetterScript = new Script(
  'resolve-dead-letter',
  ['stream', 'count', 'deadLetters'],
  ['group', 'id', 'again', 'wakeChannel'],
);

/** Takes a dead letter away, or hands it out again. Answers whether there is one. See `resolve-dead-letter.lua`. */
export async function resolveDeadLetter(
  client: RedisClient,
  keys: KeysOf<typeof resolveDeadLetterScript>,
  args: ArgsOf<typeof resolveDeadLetterScript>,
): Promise<boolean> {
  return (await resolveDeadLetterScript.run(client, keys, args)) === 1;
}
