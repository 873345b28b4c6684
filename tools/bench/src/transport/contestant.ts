import type { RedisClient } from 'redis-fanout';

import type { Order } from '../shared/receipts.js';

/** A way to bring events from one process to another. */
export type Transport = 'streams' | 'pubsub' | 'bullmq' | 'nestjs';

/** A transport that is measured. */
export interface Contestant {
  readonly name: string;
  readonly transport: Transport;
  /** Whether it says that events are handled in the order of sending. */
  readonly order: Order;
  /** How many events are not handled, or not yet known to be; undefined where none is kept. */
  readonly waiting?: (redis: RedisClient) => Promise<number>;
}

export const STREAMS = 'redis-streams-transport, Streams';
export const PUBSUB = 'redis-streams-transport, Pub/Sub';
export const BULLMQ = 'BullMQ';
export const NESTJS = 'NestJS, Redis';

/** The stream, the channel, and the queue. */
export const STREAM = 'events';
export const CHANNEL = 'events-channel';
export const QUEUE = 'events-queue';

export const CONTESTANTS: readonly Contestant[] = [
  { name: STREAMS, transport: 'streams', order: 'in order', waiting: notAcknowledged },
  { name: BULLMQ, transport: 'bullmq', order: 'in any order', waiting: notCompleted },
  { name: PUBSUB, transport: 'pubsub', order: 'in order' },
  { name: NESTJS, transport: 'nestjs', order: 'in any order' },
];

async function notAcknowledged(redis: RedisClient): Promise<number> {
  return redis.xlen(STREAM);
}

async function notCompleted(redis: RedisClient): Promise<number> {
  const lists = ['wait', 'active'].map((state) => `bull:${QUEUE}:${state}`);
  const lengths = await Promise.all(lists.map(async (list) => redis.llen(list)));
  return lengths.reduce((sum, length) => sum + length, 0);
}
