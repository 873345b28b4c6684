import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import { type InboxReply, inboxView, type InboxView } from './inbox-message.js';

export const takeMessagesScript = new Script(
  'take-messages',
  ['inbox', 'taken', 'leases', 'unfinished', 'guard'],
  ['limit', 'leaseMs', 'maxTaken', 'messageStem'],
);

/** Takes the oldest messages of a recipient that nobody holds. See `take-messages.lua`. */
export async function takeMessages(
  client: RedisClient,
  keys: KeysOf<typeof takeMessagesScript>,
  args: ArgsOf<typeof takeMessagesScript>,
): Promise<InboxView> {
  return inboxView((await takeMessagesScript.run(client, keys, args)) as InboxReply);
}
