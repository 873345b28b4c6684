import { Baseline, followersKey } from '../baseline.js';
import { type OpenFanOut, TIMELINE_ENTRIES } from '../contestant.js';
import { idOf } from '../post.js';

/** Followers of one pipeline: all of a large audience at once would stall the process. */
const CHUNK = 1000;
/** One in so many pushes cuts its timeline. */
const CUT_EVERY = 20;

/** Pipelines of pushes, with an occasional cut. */
export const openPipelinedLists: OpenFanOut = async (redisUrl) => {
  const baseline = new Baseline(redisUrl, 'lists');
  const { redis } = baseline;
  let pushes = 0;
  const fanOut = baseline.withLists(async (posts) => {
    for (const { n, author } of posts) {
      const followers = await redis.smembers(followersKey(author));
      for (let from = 0; from < followers.length; from += CHUNK) {
        const pipeline = redis.pipeline();
        for (const follower of followers.slice(from, from + CHUNK)) {
          const key = baseline.timelineKey(follower);
          pipeline.lpush(key, idOf(n));
          if (++pushes % CUT_EVERY === 0) pipeline.ltrim(key, 0, TIMELINE_ENTRIES - 1);
        }
        await pipeline.exec();
      }
    }
  });
  return Promise.resolve(fanOut);
};
