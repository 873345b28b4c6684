import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';
import { type InboxReply, inboxView, type InboxView } from './inbox-message.js';

export const readInboxScript = new Script(
  'read-inbox',
  ['inbox', 'taken', 'unfinished', 'guard'],
  ['after', 'limit', 'messageStem'],
);

/** Looks at the messages of a recipient after a position. See `read-inbox.lua`. */
export async function readInbox(
  client: RedisClient,
  keys: KeysOf<typeof readInboxScript>,
  args: ArgsOf<typeof readInboxScript>,
): Promise<InboxView> {
  return inboxView((await readInboxScript.run(client, keys, args)) as InboxReply);
}
