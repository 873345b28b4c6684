import { PostDeletedError, PostNotFoundError } from '../errors.js';
import type { DeliveryCount } from '../lua/record-deliveries.js';
import { homePartition } from '../post-id.js';
import type { PartitionedRedis } from '../redis/partitioned.js';

/** What the delivery of a post came to so far. Times are ISO 8601, UTC, with milliseconds. */
export interface DeliveryAccount extends DeliveryCount {
  readonly state: 'queued' | 'delivering' | 'delivered';
  readonly acceptedAt: string;
  readonly deliveredAt: string | null;
}

/** Reads the account of a post; of one on its way, from how far the consumer group has read. */
export async function readDeliveryAccount(
  redis: PartitionedRedis,
  group: string,
  id: string,
): Promise<DeliveryAccount> {
  const partition = homePartition(id);
  const [fields] = (await redis.pipeline([
    {
      partition,
      command: ['HMGET', redis.keys.post(partition, id), 'author', 'deleted', 'delivery'],
    },
  ])) as [(string | null)[]];
  const [author, deleted, delivery] = fields;
  if (typeof author !== 'string') throw new PostNotFoundError(id);
  if (typeof deleted === 'string') throw new PostDeletedError(id);
  return isDelivered(delivery)
    ? delivered(delivery ?? '')
    : underWay(delivery ?? '0-0', await lastDelivered(redis, partition, group));
}

/** Whether the account that is kept with a post is that of its delivery. Until then it is the post's entry in the outbox. */
export function isDelivered(delivery: string | null | undefined): boolean {
  return delivery?.includes(' ') === true;
}

function delivered(text: string): DeliveryAccount {
  const [acceptedMs = 0, deliveredMs = 0, pushed = 0, skippedInactive = 0, leftToPull = 0] = text
    .split(' ')
    .map(Number);
  return {
    state: 'delivered',
    acceptedAt: new Date(acceptedMs).toISOString(),
    deliveredAt: new Date(deliveredMs).toISOString(),
    pushed,
    skippedInactive,
    leftToPull,
  };
}

function underWay(entry: string, readUpTo: string): DeliveryAccount {
  return {
    state: isAfter(entry, readUpTo) ? 'queued' : 'delivering',
    acceptedAt: new Date(Number(entry.split('-')[0])).toISOString(),
    deliveredAt: null,
    pushed: 0,
    skippedInactive: 0,
    leftToPull: 0,
  };
}

/** The last entry that the group has read from a partition's outbox. */
async function lastDelivered(redis: PartitionedRedis, partition: number, group: string): Promise<string> {
  const outbox = redis.keys.outbox(partition);
  const [groups] = (await redis.pipeline([{ partition, command: ['XINFO', 'GROUPS', outbox] }])) as [
    string[][],
  ];
  const found = groups.find((fields) => fields[fields.indexOf('name') + 1] === group);
  return found?.[found.indexOf('last-delivered-id') + 1] ?? '0-0';
}

/** Whether a stream's entry comes after another. */
function isAfter(entry: string, other: string): boolean {
  const [ms = 0n, sequence = 0n] = entry.split('-').map(BigInt);
  const [otherMs = 0n, otherSequence = 0n] = other.split('-').map(BigInt);
  return ms === otherMs ? sequence > otherSequence : ms > otherMs;
}
