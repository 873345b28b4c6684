import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const sendMessageScript = new Script(
  'send-message',
  ['lastId', 'inbox', 'unread', 'sent', 'blocked', 'blockedBy', 'deliveries', 'online', 'guard'],
  [
    'partition',
    'from',
    'to',
    'text',
    'digest',
    'keepMs',
    'maxMessages',
    'maxDeliveries',
    'liveStem',
    'notifierStem',
  ],
);

/** Whether the recipient was connected, and told, when the message was sent. It is in the inbox either way. */
export type MessageDelivery = 'live' | 'inbox';

/** What became of a direct message. */
export type SendOutcome =
  | { readonly outcome: 'sent' | 'replayed'; readonly id: string; readonly delivered: MessageDelivery }
  | { readonly outcome: 'conflict' | 'blocked' | 'full' };

type SendReply =
  | readonly ['sent' | 'replayed', id: string, delivered: MessageDelivery]
  | readonly ['conflict' | 'blocked' | 'full'];

/** Sends a direct message: all of it or nothing, and once for a key. See `send-message.lua`. */
export async function sendMessage(
  client: RedisClient,
  keys: KeysOf<typeof sendMessageScript>,
  args: ArgsOf<typeof sendMessageScript>,
): Promise<SendOutcome> {
  const reply = (await sendMessageScript.run(client, keys, args)) as SendReply;
  if (reply.length === 1) return { outcome: reply[0] };
  const [outcome, id, delivered] = reply;
  return { outcome, id, delivered };
}
