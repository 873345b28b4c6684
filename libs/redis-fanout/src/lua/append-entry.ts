import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

/** What became of a message. */
export type AppendOutcome =
  | { readonly outcome: 'published' | 'repeated'; readonly id: string }
  | { readonly outcome: 'full'; readonly messages: number };

export const appendEntryScript = new Script(
  'append-entry',
  ['stream', 'count', 'appended'],
  ['payload', 'windowMs', 'maxMessages', 'wakeChannel'],
);

/** Appends a message to the stream of a source. See `append-entry.lua`. */
export async function appendEntry(
  client: RedisClient,
  keys: KeysOf<typeof appendEntryScript>,
  args: ArgsOf<typeof appendEntryScript>,
): Promise<AppendOutcome> {
  const [outcome, second] = (await appendEntryScript.run(client, keys, args)) as [string, string | number];
  if (outcome === 'full') return { outcome, messages: Number(second) };
  return { outcome: outcome === 'repeated' ? outcome : 'published', id: String(second) };
}
