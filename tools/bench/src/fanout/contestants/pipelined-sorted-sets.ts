import { Baseline, followersKey } from '../baseline.js';
import type { OpenFanOut } from '../contestant.js';
import { idOf, numberOf } from '../post.js';
import { Pushes } from '../pushes.js';

/** Pipelines of pushes to sorted sets, each with a cut. */
export const openPipelinedSortedSets: OpenFanOut = async (redisUrl) => {
  const baseline = new Baseline(redisUrl, 'sorted-sets');
  const { redis } = baseline;
  const pushes = Pushes.toSortedSets(redis, (follower) => baseline.timelineKey(follower));
  return Promise.resolve({
    prepare: async (graph) => {
      await baseline.follow(graph);
      await baseline.fillSortedSets(graph);
    },
    accept: async (posts) => Promise.resolve(posts),
    deliver: async (posts) => {
      for (const { n, author } of posts) {
        await pushes.deliver(idOf(n), await redis.smembers(followersKey(author)));
      }
    },
    newest: async (reader, count) =>
      (await redis.zrevrange(baseline.timelineKey(reader), 0, count - 1)).map(numberOf),
    close: async () => {
      baseline.close();
      return Promise.resolve();
    },
  });
};
