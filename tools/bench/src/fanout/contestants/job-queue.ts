import { Baseline, followersKey } from '../baseline.js';
import type { OpenFanOut } from '../contestant.js';
import { idOf } from '../post.js';
import { PushQueue } from '../push-queue.js';
import { Pushes } from '../pushes.js';

/** BullMQ: a job for each chunk of followers, which a worker pushes to by a pipeline. */
export const openJobQueue: OpenFanOut = async (redisUrl) => {
  const baseline = new Baseline(redisUrl, 'job-queue');
  const { redis } = baseline;
  const pushes = Pushes.toLists(redis, (follower) => baseline.timelineKey(follower));
  const queue = new PushQueue(redisUrl, async (id, followers) => pushes.deliver(id, followers));
  const fanOut = baseline.withLists(async (posts) => {
    const deliveries: Promise<void>[] = [];
    for (const { n, author } of posts) {
      const followers = await redis.smembers(followersKey(author));
      const { delivered } = await queue.add(idOf(n), followers);
      deliveries.push(delivered);
    }
    await Promise.all(deliveries);
  });
  return Promise.resolve({
    ...fanOut,
    close: async () => {
      await queue.close();
      await fanOut.close();
    },
  });
};
