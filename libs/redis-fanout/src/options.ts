import { InvalidOptionError } from './errors.js';
import type { RedisClient } from './redis/client.js';

/** How a fan-out is set up. Several processes on the same Redis use the same values. */
export interface FanoutOptions {
  /** A connection for commands that do not block; the caller closes it. */
  readonly client: RedisClient;
  /** First part of every key; default `fanout`. */
  readonly prefix?: string;
  /**
   * Number of partitions, 1 to 999: fixed by the first start on a Redis. Unless given it is what was fixed, at first 8,
   * or four for each master of a cluster where that is more.
   */
  readonly partitions?: number;
  /**
   * Above so many followers in a partition, an author's posts are not pushed to timelines there but pulled by their
   * readers. 0 pulls everything, `Infinity` pushes everything; default 10,000.
   */
  readonly pushMaxFollowers?: number;
  /** Length of a live timeline, 1 to 5,000; default 800. Reading goes on past it. */
  readonly timelineMaxEntries?: number;
  /** A timeline that nobody reads for so long is dropped, and built again when read; default 30 days. */
  readonly timelineIdleSeconds?: number;
  /**
   * Length of an author's own list, at least `timelineMaxEntries` and an eighth; default 3,200. Older posts are kept,
   * not listed: they show in no timeline.
   */
  readonly authorMaxPosts?: number;
  /** Posts of an author within a minute; default 0: no limit. */
  readonly postsPerMinute?: number;
  /** Events that may wait for the fan-out before publishing is refused; default 1,000,000. */
  readonly maxBacklog?: number;
  /**
   * What happened to the timelines and inboxes of a partition is kept for those who come back: at least so many events, 100
   * to 1,000,000, and about five times as many at most, where they are delivered together; default 10,000.
   */
  readonly historyMaxEvents?: number;
  /** Name of the consumer group that delivers the posts; default `fanout-worker`. */
  readonly consumerGroup?: string;
}

/** The options with their defaults. */
export type FanoutSettings = Required<Omit<FanoutOptions, 'client' | 'partitions'>>;

/** Length of the lists of authors with too many followers to push to; readers look further in the author's own list. */
const MAX_RECENT = 200;
/** A timeline must be finished within this time; then another may take over. */
export const BUILD_MS = 10_000;

const DEFAULTS: FanoutSettings = {
  prefix: 'fanout',
  pushMaxFollowers: 10_000,
  timelineMaxEntries: 800,
  timelineIdleSeconds: 30 * 24 * 3600,
  authorMaxPosts: 3200,
  postsPerMinute: 0,
  maxBacklog: 1_000_000,
  historyMaxEvents: 10_000,
  consumerGroup: 'fanout-worker',
};

/**
 * Completes and checks the options.
 *
 * @throws InvalidOptionError with the option's name and what is allowed.
 */
export function fanoutSettings(options: FanoutOptions): FanoutSettings {
  // What is not there may also be undefined, as it often is where options come from a configuration.
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const settings: FanoutSettings = { ...DEFAULTS, ...Object.fromEntries(given) };
  if (settings.pushMaxFollowers !== Infinity) whole(settings, 'pushMaxFollowers', 0, 1e9);
  whole(settings, 'timelineMaxEntries', 1, 5000);
  whole(settings, 'timelineIdleSeconds', 1, 1e9);
  whole(settings, 'authorMaxPosts', grown(settings.timelineMaxEntries), 100_000);
  whole(settings, 'postsPerMinute', 0, 1e6);
  whole(settings, 'maxBacklog', 1, 1e9);
  whole(settings, 'historyMaxEvents', 100, 1e6);
  return settings;
}

/**
 * Length of `recent` lists. No post shows in them, or in a timeline, that its author's own list has no more: else the same
 * timeline would come to something else when it is built again.
 */
export function maxRecent({ authorMaxPosts }: Pick<FanoutSettings, 'authorMaxPosts'>): number {
  let length = Math.min(MAX_RECENT, authorMaxPosts);
  while (grown(length) > authorMaxPosts) length--;
  return length;
}

/** How long a list of ids may get before it is cut to its length. */
function grown(length: number): number {
  return length + Math.floor(length / 8);
}

function whole(
  settings: FanoutSettings,
  option: { [K in keyof FanoutSettings]: FanoutSettings[K] extends number ? K : never }[keyof FanoutSettings],
  min: number,
  max: number,
): void {
  const value = settings[option];
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new InvalidOptionError(option, `a whole number from ${min} to ${max}`);
  }
}
