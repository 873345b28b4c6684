import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

import { Baseline, followersKey } from '../baseline.js';
import { type OpenFanOut, TIMELINE_ENTRIES } from '../contestant.js';
import { idOf } from '../post.js';

/** Followers of one job. */
const CHUNK = 500;
/** Jobs that the worker has at once. */
const CONCURRENCY = 10;
const CUT_EVERY = 20;

interface Job {
  readonly id: string;
  readonly followers: readonly string[];
}

/** BullMQ: a job for each chunk of followers, which a worker pushes to by a pipeline. */
export const openJobQueue: OpenFanOut = async (redisUrl) => {
  const baseline = new Baseline(redisUrl, 'job-queue');
  const { redis } = baseline;
  const connection = (): Redis => new Redis(redisUrl, { maxRetriesPerRequest: null });
  const connections = [connection(), connection()] as const;
  const queue = new Queue<Job>('fan-out', {
    connection: connections[0],
    defaultJobOptions: { removeOnComplete: true, removeOnFail: 1000, attempts: 3 },
  });
  let pushes = 0;
  let waiting = 0;
  let done: () => void = () => undefined;
  const push = async ({ data: { id, followers } }: { readonly data: Job }): Promise<void> => {
    const pipeline = redis.pipeline();
    for (const follower of followers) {
      const key = baseline.timelineKey(follower);
      pipeline.lpush(key, id);
      if (++pushes % CUT_EVERY === 0) pipeline.ltrim(key, 0, TIMELINE_ENTRIES - 1);
    }
    await pipeline.exec();
  };
  const worker = new Worker<Job>('fan-out', push, {
    connection: connections[1],
    concurrency: CONCURRENCY,
  });
  worker.on('completed', () => {
    if (--waiting === 0) done();
  });
  return Promise.resolve({
    prepare: async (graph) => {
      await baseline.follow(graph);
      await baseline.fillLists(graph);
    },
    accept: async (posts) => Promise.resolve(posts),
    deliver: async (posts) => {
      const all = new Promise<void>((resolve) => (done = resolve));
      waiting = 1;
      for (const { n, author } of posts) {
        const followers = await redis.smembers(followersKey(author));
        const jobs = [];
        for (let from = 0; from < followers.length; from += CHUNK) {
          jobs.push({ name: 'push', data: { id: idOf(n), followers: followers.slice(from, from + CHUNK) } });
        }
        waiting += jobs.length;
        await queue.addBulk(jobs);
      }
      if (--waiting > 0) await all;
    },
    newest: async (reader, count) => baseline.newestOfList(reader, count),
    close: async () => {
      await worker.close();
      await queue.close();
      for (const each of connections) each.disconnect();
      baseline.close();
    },
  });
};
