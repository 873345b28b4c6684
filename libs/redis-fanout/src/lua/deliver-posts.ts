import type { RedisClient } from '../redis/client.js';
import { type ArgsOf, type KeysOf, Script } from '../redis/script.js';

import type { DeliveryCount } from './record-deliveries.js';

export const deliverPostsScript = new Script(
  'deliver-posts',
  [
    'newestEntry',
    'pulled',
    'recentChanged',
    'recentChanges',
    'online',
    'deliveries',
    'recorded',
    'recordedBefore',
    'guard',
  ],
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
  /** Tells the edits of a post apart. */
  readonly mark?: string | undefined;
}

/** How far an event came: what it came to where it is done, and its cursor before that. */
export type PartitionProgress = DeliveryCount | string;

/** Delivers events to one partition; the answer has an element for each event begun. See `deliver-posts.lua`. */
export async function deliverPosts(
  client: RedisClient,
  keys: KeysOf<typeof deliverPostsScript>,
  args: ArgsOf<typeof deliverPostsScript>,
  /** See `eventArgument`. */
  events: readonly string[],
): Promise<PartitionProgress[]> {
  const reply = (await deliverPostsScript.run(client, keys, args, events)) as (string | number)[];
  return reply.map(progressOf);
}

/** An event as the script takes it: from the beginning, or from where its cursor says. */
export function eventArgument({ kind, id, author, mark = '' }: PartitionEvent, cursor = ''): string {
  return kind === 'published' && cursor === ''
    ? `${id}${author}`
    : `${kind} ${id} ${author} ${mark} ${cursor}`;
}

function progressOf(outcome: string | number): PartitionProgress {
  if (typeof outcome === 'number') return { pushed: outcome, skippedInactive: 0, leftToPull: 0 };
  if (/^[a-z]/.test(outcome)) return outcome;
  const [pushed = 0, skippedInactive = 0, leftToPull = 0] = outcome.split(' ').map(Number);
  return { pushed, skippedInactive, leftToPull };
}
