import { InvalidOptionError } from '../errors.js';
import { hashTag, isCluster, keyPrefixOf, type RedisClient } from '../redis/redis-client.js';
import { type StreamKeys, toStreamKeys } from './stream-keys.js';

export interface RedisStreamsServerOptions {
  /** The client to duplicate: the server opens connections like this one, and neither uses nor closes it. */
  readonly client: RedisClient;
  /** The streams to consume; a name alone stands for `streamKeys(name)`. */
  readonly streams: readonly (string | StreamKeys)[];
  /** The consumer group; created at the beginning of the stream where it does not exist. */
  readonly group: string;
  /** The name of this instance in the group: the same after a restart, and no other's at the same time. */
  readonly consumer: string;
  /** The most entries of one batch. Default 500. */
  readonly batchSize?: number;
  /** How long a read waits for entries. Default 2,000. */
  readonly blockMs?: number;
  /** Batches of one stream in handlers at the same time; more than 1 gives up their order. Default 1. */
  readonly maxInFlightBatches?: number;
  /** An entry whose consumer has shown no life for this long is claimed by another. Default 30,000. */
  readonly minIdleMs?: number;
  /** An entry that was delivered this many times in vain becomes a dead letter; at least 3. Default 5. */
  readonly maxAttempts?: number;
  /** The delay before the second delivery; doubled for each further one. Default 2,000. */
  readonly retryDelayMs?: number;
  /** The largest delay between deliveries. Default 60,000. */
  readonly maxRetryDelayMs?: number;
  /** The most dead letters of one stream; beyond it entries stay pending. Default 10,000. */
  readonly deadLetterLimit?: number;
  /** How long a stop waits for handlers that are at work. Default 10,000. */
  readonly drainMs?: number;
}

export type StreamsSettings = Required<Omit<RedisStreamsServerOptions, 'streams' | 'client'>> & {
  readonly streams: readonly StreamKeys[];
};

const DEFAULTS = {
  batchSize: 500,
  blockMs: 2000,
  maxInFlightBatches: 1,
  minIdleMs: 30_000,
  maxAttempts: 5,
  retryDelayMs: 2000,
  maxRetryDelayMs: 60_000,
  deadLetterLimit: 10_000,
  drainMs: 10_000,
};

/** A batch, a chunk, alone: with fewer deliveries an innocent neighbour of a poison entry would be given up with it. */
const MIN_ATTEMPTS = 3;
const MAX_MS = 2 ** 31 - 1;

/** Defaults, then checks. Throws InvalidOptionError. */
export function toStreamsSettings(options: RedisStreamsServerOptions): StreamsSettings {
  const { client, ...given } = options;
  const settings = { ...DEFAULTS, ...withoutUndefined(given), streams: toStreamKeys(given.streams) };
  requireText('group', settings.group);
  requireText('consumer', settings.consumer);
  requireWhole('batchSize', settings.batchSize, 1, 10_000);
  requireWhole('blockMs', settings.blockMs, 1, 3_600_000);
  requireWhole('maxInFlightBatches', settings.maxInFlightBatches, 1, 1000);
  requireWhole('minIdleMs', settings.minIdleMs, 3, MAX_MS);
  requireWhole('maxAttempts', settings.maxAttempts, MIN_ATTEMPTS, 1_000_000);
  requireWhole('retryDelayMs', settings.retryDelayMs, 1, MAX_MS);
  requireWhole('maxRetryDelayMs', settings.maxRetryDelayMs, settings.retryDelayMs, MAX_MS);
  requireWhole('deadLetterLimit', settings.deadLetterLimit, 0, Number.MAX_SAFE_INTEGER);
  requireWhole('drainMs', settings.drainMs, 0, MAX_MS);
  requireStreams(settings.streams, client);
  return settings;
}

/** Checks that the keys can be used with the client. Throws InvalidOptionError. */
export function requireStreams(streams: readonly StreamKeys[], client: RedisClient): void {
  if (keyPrefixOf(client) !== '') {
    throw new InvalidOptionError(
      'client.keyPrefix',
      'empty (put it into the names of the keys)',
      keyPrefixOf(client),
    );
  }
  const names = streams.map(({ stream }) => stream);
  if (names.length === 0 || names.includes('') || new Set(names).size < names.length) {
    throw new InvalidOptionError('streams', 'one or more different names', names);
  }
  if (!isCluster(client)) return;
  for (const { stream, deadLetters, failures } of streams) {
    const tag = hashTag(stream);
    if (tag === undefined || hashTag(deadLetters) !== tag || hashTag(failures) !== tag) {
      const allowed = 'keys that share a hash tag on a cluster, as {0}:outbox';
      throw new InvalidOptionError('streams', allowed, [stream, deadLetters, failures]);
    }
  }
}

export function requireText(option: string, value: string): void {
  if (typeof value !== 'string' || value === '')
    throw new InvalidOptionError(option, 'a text that is not empty', value);
}

export function requireWhole(option: string, value: number, min: number, max: number): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new InvalidOptionError(option, `a whole number from ${min} to ${max}`, value);
  }
}

/** The options that have a value, so that an explicit undefined means the default. */
export function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
