import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

export const readDirectMessagesScript = new Script(
  'read-direct-messages',
  ['inbox', 'unread'],
  ['after', 'limit'],
);

/** A page of an inbox, and how many messages of each sender are in all of it, at the same moment. */
export interface DirectMessagesPage {
  /** `<id> <from> <text>` each, the oldest first. */
  readonly entries: readonly string[];
  readonly hasMore: boolean;
  readonly unread: Readonly<Record<string, number>>;
}

/** Reads on in a user's direct messages after an id, or from the oldest one where it is ''. See `read-direct-messages.lua`. */
export async function readDirectMessages(
  client: RedisClient,
  keys: KeysOf<typeof readDirectMessagesScript>,
  args: ArgsOf<typeof readDirectMessagesScript>,
): Promise<DirectMessagesPage> {
  const [entries, hasMore, counts] = (await readDirectMessagesScript.run(client, keys, args)) as [
    entries: string[],
    hasMore: number,
    counts: string[],
  ];
  const unread = Array.from(
    { length: counts.length / 2 },
    (_, i) => [counts[2 * i] ?? '', Number(counts[2 * i + 1])] as const,
  );
  // Not by assignment: a sender may be called `__proto__`.
  return { entries, hasMore: hasMore === 1, unread: Object.fromEntries(unread) };
}
