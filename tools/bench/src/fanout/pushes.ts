import type { ChainableCommander, Redis } from 'ioredis';

import { TIMELINE_ENTRIES } from './contestant.js';

/** Followers of one pipeline: all of a large audience at once would stall the process. */
const CHUNK = 1000;
/** One in so many pushes cuts its timeline. */
const CUT_EVERY = 20;

/** Pushes to timelines by pipelines. Followers are names. */
export class Pushes {
  private constructor(
    private readonly redis: Redis,
    private readonly push: (pipeline: ChainableCommander, follower: string, id: string) => void,
  ) {}

  /** To lists, with an occasional cut. */
  static toLists(redis: Redis, keyOf: (follower: string) => string): Pushes {
    let pushes = 0;
    return new Pushes(redis, (pipeline, follower, id) => {
      const key = keyOf(follower);
      pipeline.lpush(key, id);
      if (++pushes % CUT_EVERY === 0) pipeline.ltrim(key, 0, TIMELINE_ENTRIES - 1);
    });
  }

  /** To sorted sets, each with a cut. */
  static toSortedSets(redis: Redis, keyOf: (follower: string) => string): Pushes {
    return new Pushes(redis, (pipeline, follower, id) => {
      const key = keyOf(follower);
      pipeline.zadd(key, id, id);
      pipeline.zremrangebyrank(key, 0, -TIMELINE_ENTRIES - 1);
    });
  }

  /** Pushes to any number of followers. */
  async deliver(id: string, followers: readonly string[]): Promise<void> {
    for (let from = 0; from < followers.length; from += CHUNK) {
      const pipeline = this.redis.pipeline();
      for (const follower of followers.slice(from, from + CHUNK)) this.push(pipeline, follower, id);
      await pipeline.exec();
    }
  }
}
