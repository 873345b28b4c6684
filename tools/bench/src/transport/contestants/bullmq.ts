import { Queue, Worker } from 'bullmq';

import { QUEUE } from '../contestant.js';
import { type MeasuredEvent, PATTERN } from '../event.js';
import type { PrepareConsumer, OpenProducer } from './transport.js';

/** Jobs that the worker has at once. */
const CONCURRENCY = 100;

/** A worker of BullMQ. Jobs that are done are removed, as with the others. */
export const prepareBullConsumer: PrepareConsumer = async (redisUrl, handle) => {
  const worker = new Worker<MeasuredEvent>(
    QUEUE,
    ({ data }) => {
      handle(data);
      return Promise.resolve();
    },
    {
      connection: { url: redisUrl, maxRetriesPerRequest: null },
      concurrency: CONCURRENCY,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 10_000 },
      autorun: false,
    },
  );
  worker.on('error', complain);
  await worker.waitUntilReady();
  return {
    start: async () => {
      void worker.run();
      return Promise.resolve();
    },
    close: async () => worker.close(),
  };
};

/** A queue of BullMQ, with retries such as ours. */
export const openBullProducer: OpenProducer = async (redisUrl) => {
  const queue = new Queue<MeasuredEvent>(QUEUE, {
    connection: { url: redisUrl },
    defaultJobOptions: { attempts: 5, backoff: { type: 'exponential', delay: 2000 } },
  });
  queue.on('error', complain);
  await queue.waitUntilReady();
  return {
    send: async (event) => queue.add(PATTERN, event),
    sendBatch: async (events) => queue.addBulk(events.map((data) => ({ name: PATTERN, data }))),
  };
};

function complain(error: Error): void {
  console.error(error);
}
