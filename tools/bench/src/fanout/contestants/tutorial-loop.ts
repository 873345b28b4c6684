import { Baseline, followersKey } from '../baseline.js';
import type { OpenFanOut } from '../contestant.js';
import { idOf } from '../post.js';

/** A push for each follower, each awaited: what tutorials show. (It never cuts the timelines.) */
export const openTutorialLoop: OpenFanOut = async (redisUrl) => {
  const baseline = new Baseline(redisUrl, 'loop');
  const { redis } = baseline;
  const fanOut = baseline.withLists(async (posts) => {
    for (const { n, author } of posts) {
      for (const follower of await redis.smembers(followersKey(author))) {
        await redis.lpush(baseline.timelineKey(follower), idOf(n));
      }
    }
  });
  return Promise.resolve(fanOut);
};
