import { Baseline, followersKey } from '../baseline.js';
import type { OpenFanOut } from '../contestant.js';
import { idOf } from '../post.js';

/** The pushes of a post all at once. (It never cuts the timelines.) */
export const openPromiseAll: OpenFanOut = async (redisUrl) => {
  const baseline = new Baseline(redisUrl, 'promise-all');
  const { redis } = baseline;
  const fanOut = baseline.withLists(async (posts) => {
    for (const { n, author } of posts) {
      const followers = await redis.smembers(followersKey(author));
      await Promise.all(
        followers.map(async (follower) => redis.lpush(baseline.timelineKey(follower), idOf(n))),
      );
    }
  });
  return Promise.resolve(fanOut);
};
