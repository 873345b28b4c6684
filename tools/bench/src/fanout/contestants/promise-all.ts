import { Baseline, followersKey } from '../baseline.js';
import type { OpenFanOut } from '../contestant.js';
import { idOf } from '../post.js';

/** The pushes of a post all at once. (It never cuts the timelines.) */
export const openPromiseAll: OpenFanOut = async (redisUrl) => {
  const baseline = new Baseline(redisUrl, 'promise-all');
  const { redis } = baseline;
  return Promise.resolve({
    prepare: async (graph) => {
      await baseline.follow(graph);
      await baseline.fillLists(graph);
    },
    accept: async (posts) => Promise.resolve(posts),
    deliver: async (posts) => {
      for (const { n, author } of posts) {
        const followers = await redis.smembers(followersKey(author));
        await Promise.all(
          followers.map(async (follower) => redis.lpush(baseline.timelineKey(follower), idOf(n))),
        );
      }
    },
    newest: async (reader, count) => baseline.newestOfList(reader, count),
    close: async () => {
      baseline.close();
      return Promise.resolve();
    },
  });
};
