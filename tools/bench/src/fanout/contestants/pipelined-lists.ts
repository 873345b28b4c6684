import { Baseline, followersKey } from '../baseline.js';
import type { OpenFanOut } from '../contestant.js';
import { idOf } from '../post.js';
import { Pushes } from '../pushes.js';

/** Pipelines of pushes, with an occasional cut. */
export const openPipelinedLists: OpenFanOut = async (redisUrl) => {
  const baseline = new Baseline(redisUrl, 'lists');
  const { redis } = baseline;
  const pushes = Pushes.toLists(redis, (follower) => baseline.timelineKey(follower));
  const fanOut = baseline.withLists(async (posts) => {
    for (const { n, author } of posts) {
      await pushes.deliver(idOf(n), await redis.smembers(followersKey(author)));
    }
  });
  return Promise.resolve(fanOut);
};
