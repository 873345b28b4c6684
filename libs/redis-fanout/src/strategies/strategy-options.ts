import type { RedisClient } from '../redis/client.js';
import { checkWhole } from './checks.js';

/** What every strategy is opened with. Several processes on one Redis use the same values. */
export interface StrategyOptions {
  /**
   * A connection to one Redis (also one found through Sentinel) or a Redis Cluster, for commands that do not block; the
   * caller closes it, after the strategy.
   */
  readonly client: RedisClient;
  /** First part of every key; default `fanout`. */
  readonly prefix?: string;
  /** The largest payload, in bytes of its JSON; 1 to 16,777,216, default 65,536. */
  readonly maxPayloadBytes?: number;
}

/** Of strategies whose data is spread over partitions. */
export interface PartitionedStrategyOptions extends StrategyOptions {
  /** Number of partitions, 1 to 999: fixed by the first start on a Redis; see `FanoutOptions`. */
  readonly partitions?: number;
}

/** How Pub/Sub is set up. */
export interface PubSubOptions extends StrategyOptions {
  /**
   * Whether a channel is served by the node of its slot alone, not by the whole cluster; then there are no patterns.
   * Default: on a cluster.
   */
  readonly sharded?: boolean;
}

/** How lists are set up. */
export interface ListOptions extends PartitionedStrategyOptions {
  /**
   * Messages that an inbox holds, beside those that are taken; 1 to 10,000, default 1,000. The oldest one makes room for
   * one more, and is counted as dropped.
   */
  readonly inboxMaxMessages?: number;
  /** For how long an idempotency key is remembered; 1,000 to 86,400,000, default 120,000. */
  readonly duplicateWindowMs?: number;
}

/** How streams are set up. */
export interface StreamOptions extends PartitionedStrategyOptions {
  /**
   * Messages that a source's stream holds; 100 to 10,000,000, default 100,000. The oldest ones that every group has
   * acknowledged make room; where there are none, publishing is refused with a `BacklogFullError`.
   */
  readonly streamMaxMessages?: number;
  /** A message that was handed out so often and not acknowledged becomes a dead letter; 1 to 1,000, default 10. */
  readonly maxAttempts?: number;
  /** Dead letters of one recipient and source; 1 to 10,000, default 1,000. The oldest one makes room. */
  readonly maxDeadLetters?: number;
  /** Recipients of one source; 1 to 1,000, default 1,000. */
  readonly largestAudience?: number;
  /** For how long an idempotency key is remembered; 1,000 to 86,400,000, default 120,000. */
  readonly duplicateWindowMs?: number;
}

/** How long a message without an idempotency key is remembered: until the client has sent it again, if it does. */
export const RESEND_WINDOW_MS = 30_000;
/** Messages of one recipient of lists that are taken at once. */
export const MAX_TAKEN = 2000;
const MAX_WINDOW_MS = 24 * 3600 * 1000;

/** The options of Pub/Sub with their defaults. @throws InvalidOptionError */
export function pubSubSettings(options: Omit<PubSubOptions, 'client'>): { readonly maxPayloadBytes: number } {
  return { maxPayloadBytes: payloadLimit(options) };
}

/** The options of timelines that are not the engine's, with their defaults. @throws InvalidOptionError */
export function timelineSettings(options: Pick<StrategyOptions, 'maxPayloadBytes'>): {
  readonly maxPayloadBytes: number;
} {
  return { maxPayloadBytes: payloadLimit(options) };
}

/** The options of lists with their defaults. @throws InvalidOptionError */
export function listSettings(
  options: Omit<ListOptions, 'client'>,
): Required<Pick<ListOptions, 'maxPayloadBytes' | 'inboxMaxMessages' | 'duplicateWindowMs'>> {
  return {
    maxPayloadBytes: payloadLimit(options),
    inboxMaxMessages: checkWhole('inboxMaxMessages', options.inboxMaxMessages ?? 1000, 1, 10_000),
    duplicateWindowMs: windowMs(options),
  };
}

/** The options of streams with their defaults. @throws InvalidOptionError */
export function streamSettings(
  options: Omit<StreamOptions, 'client'>,
): Required<Omit<StreamOptions, 'client' | 'prefix' | 'partitions'>> {
  return {
    maxPayloadBytes: payloadLimit(options),
    streamMaxMessages: checkWhole('streamMaxMessages', options.streamMaxMessages ?? 100_000, 100, 1e7),
    maxAttempts: checkWhole('maxAttempts', options.maxAttempts ?? 10, 1, 1000),
    maxDeadLetters: checkWhole('maxDeadLetters', options.maxDeadLetters ?? 1000, 1, 10_000),
    largestAudience: checkWhole('largestAudience', options.largestAudience ?? 1000, 1, 1000),
    duplicateWindowMs: windowMs(options),
  };
}

function payloadLimit({ maxPayloadBytes = 65_536 }: Pick<StrategyOptions, 'maxPayloadBytes'>): number {
  return checkWhole('maxPayloadBytes', maxPayloadBytes, 1, 2 ** 24);
}

function windowMs({ duplicateWindowMs = 120_000 }: Pick<ListOptions, 'duplicateWindowMs'>): number {
  return checkWhole('duplicateWindowMs', duplicateWindowMs, 1000, MAX_WINDOW_MS);
}
