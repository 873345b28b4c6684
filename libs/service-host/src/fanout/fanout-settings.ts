import { MAX_PARTITIONS } from 'redis-fanout';

import { int } from '../settings/readers.js';
import { serviceSettings } from '../settings/service-settings.js';
import { type Setting } from '../settings/settings.js';

/** What decides how posts are kept and delivered; the same for every service on one Redis. */
export interface FanoutServiceSettings {
  readonly redisUrls: readonly string[];
  /** 0 where the first start on the Redis decides. */
  readonly partitions: number;
  readonly pushMaxFollowers: number;
  readonly timelineMaxEntries: number;
  readonly timelineIdleDays: number;
  readonly authorMaxPosts: number;
  readonly postsPerMinute: number;
  readonly maxBacklog: number;
  readonly historyMaxEvents: number;
}

/** The settings of a service that works on the fan-out, those of every service included. */
export function fanoutServiceSettings(defaults: {
  port: number;
}): ReturnType<typeof serviceSettings> &
  Record<Exclude<keyof FanoutServiceSettings, 'redisUrls'>, Setting<number>> {
  return {
    ...serviceSettings(defaults),
    partitions: optionalPartitions(),
    pushMaxFollowers: int('FANOUT_PUSH_MAX_FOLLOWERS', {
      default: 10_000,
      max: 1_000_000_000,
      words: { unlimited: Infinity },
    }),
    timelineMaxEntries: int('TIMELINE_MAX_ENTRIES', { default: 800, min: 1, max: 5000 }),
    timelineIdleDays: int('TIMELINE_IDLE_DAYS', { default: 30, min: 1, max: 3650 }),
    authorMaxPosts: authorMaxPosts(),
    postsPerMinute: int('RATE_LIMIT_POSTS_PER_MINUTE', { default: 300, max: 1_000_000 }),
    maxBacklog: int('MAX_BACKLOG', { default: 1_000_000, min: 1, max: 1_000_000_000 }),
    historyMaxEvents: int('LIVE_HISTORY_EVENTS', { default: 10_000, min: 100, max: 1_000_000 }),
  };
}

/** Unset is not 8: a Redis that was set up with another number is then taken as it is. */
function optionalPartitions(): Setting<number> {
  return { ...int('FANOUT_PARTITIONS', { min: 1, max: MAX_PARTITIONS }), fallback: { value: 0 } };
}

/** A timeline grows by an eighth before it is cut, and every post in it has to be in its author's list as well. */
function authorMaxPosts(): Setting<number> {
  return {
    ...int('AUTHOR_MAX_POSTS', { default: 3200, min: 1, max: 100_000 }),
    conflict(value, { timelineMaxEntries }) {
      const entries = Number(timelineMaxEntries);
      const least = entries + Math.floor(entries / 8);
      return value < least ? `must be at least ${least} where TIMELINE_MAX_ENTRIES is ${entries}` : undefined;
    },
  };
}
