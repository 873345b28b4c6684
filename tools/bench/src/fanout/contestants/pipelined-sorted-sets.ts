import { Baseline, followersKey } from '../baseline.js';
import { type OpenFanOut, TIMELINE_ENTRIES } from '../contestant.js';
import { idOf, numberOf } from '../post.js';

/** Followers of one pipeline: all of a large audience at once would stall the process. */
const CHUNK = 1000;

/** Pipelines of pushes to sorted sets, each with a cut. */
export const openPipelinedSortedSets: OpenFanOut = async (redisUrl) => {
  const baseline = new Baseline(redisUrl, 'sorted-sets');
  const { redis } = baseline;
  return Promise.resolve({
    prepare: async (graph) => {
      await baseline.follow(graph);
      await baseline.fillSortedSets(graph);
    },
    accept: async (posts) => Promise.resolve(posts),
    deliver: async (posts) => {
      for (const { n, author } of posts) {
        const followers = await redis.smembers(followersKey(author));
        for (let from = 0; from < followers.length; from += CHUNK) {
          const pipeline = redis.pipeline();
          for (const follower of followers.slice(from, from + CHUNK)) {
            const key = baseline.timelineKey(follower);
            pipeline.zadd(key, idOf(n), idOf(n));
            pipeline.zremrangebyrank(key, 0, -TIMELINE_ENTRIES - 1);
          }
          await pipeline.exec();
        }
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
