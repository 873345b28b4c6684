import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const fanOutMessageScript = new Script(
  'fan-out-message',
  ['lastPosition', 'subscribers', 'published', 'unfinished', 'guard'],
  [
    'id',
    'source',
    'payload',
    'windowMs',
    'isKeyed',
    'maxMessages',
    'inboxStem',
    'droppedStem',
    'wakeStem',
    'messageStem',
    'fanOutStem',
  ],
);

/** How far a message came in one partition. */
export type FanOutOutcome =
  | { readonly outcome: 'finished' | 'unfinished'; readonly recipients: number }
  | { readonly outcome: 'repeated' }
  | { readonly outcome: 'backlog-full'; readonly messages: number };

/** Puts a message into the inboxes of one partition. See `fan-out-message.lua`. */
export async function fanOutMessage(
  client: RedisClient,
  keys: KeysOf<typeof fanOutMessageScript>,
  args: ArgsOf<typeof fanOutMessageScript>,
): Promise<FanOutOutcome> {
  const reply = (await fanOutMessageScript.run(client, keys, args)) as [FanOutOutcome['outcome'], number];
  const [outcome, count] = reply;
  if (outcome === 'repeated') return { outcome };
  return outcome === 'backlog-full' ? { outcome, messages: count } : { outcome, recipients: count };
}
