import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

import type { DeliveryCount } from './record-deliveries.js';

export const deliverPostsScript = new Script(
  'deliver-posts',
  ['newestEntry', 'pulled', 'online', 'deliveries', 'recorded', 'guard'],
  [
    'partition',
    'maxPushFollowers',
    'maxEntries',
    'maxRecent',
    'maxDeliveries',
    'budget',
    'buildMs',
    'followersStem',
    'timelineStem',
    'recentStem',
    'liveStem',
    'notifierStem',
  ],
);

/** An event of a post on its way into one partition. */
export interface PartitionEvent {
  readonly kind: string;
  readonly id: string;
  readonly author: string;
  /** Tells the edits of a post apart; empty for other events. */
  readonly mark: string;
  /** Where its delivery goes on; empty at first. */
  readonly cursor: string;
}

/** How far an event came, and what was counted so far: all of it where the cursor is empty. */
export type PartitionProgress = DeliveryCount & { readonly cursor: string };

/** Delivers events to one partition; the answer has an element for each event begun. See `deliver-posts.lua`. */
export async function deliverPosts(
  client: RedisClient,
  keys: KeysOf<typeof deliverPostsScript>,
  args: ArgsOf<typeof deliverPostsScript>,
  events: readonly PartitionEvent[],
): Promise<PartitionProgress[]> {
  const rest = events.map(
    ({ kind, id, author, mark, cursor }) => `${kind} ${id} ${author} ${mark} ${cursor}`,
  );
  const reply = (await deliverPostsScript.run(client, keys, args, rest)) as (string | number)[];
  return Array.from({ length: reply.length / 4 }, (_, i) => ({
    cursor: String(reply[4 * i]),
    pushed: Number(reply[4 * i + 1]),
    skippedInactive: Number(reply[4 * i + 2]),
    leftToPull: Number(reply[4 * i + 3]),
  }));
}
