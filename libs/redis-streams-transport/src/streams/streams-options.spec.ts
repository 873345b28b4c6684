import { Redis } from 'ioredis';

import { InvalidOptionError } from '../errors.js';
import { streamKeys } from './stream-keys.js';
import { type RedisStreamsServerOptions, toStreamsSettings } from './streams-options.js';

const client = new Redis({ lazyConnect: true });
const valid: RedisStreamsServerOptions = { client, streams: ['s'], group: 'g', consumer: 'c' };

it('has defaults, also for what is undefined', () => {
  const withUndefined = { ...valid, batchSize: undefined } as unknown as RedisStreamsServerOptions;
  expect(toStreamsSettings(withUndefined)).toEqual({
    streams: [{ stream: 's', deadLetters: 's:dead-letters', failures: 's:failures' }],
    group: 'g',
    consumer: 'c',
    batchSize: 500,
    blockMs: 2000,
    maxInFlightBatches: 1,
    minIdleMs: 30_000,
    maxAttempts: 5,
    retryDelayMs: 2000,
    maxRetryDelayMs: 60_000,
    deadLetterLimit: 10_000,
    drainMs: 10_000,
  });
});

it.each<[string, Partial<RedisStreamsServerOptions>]>([
  ['group must be a text that is not empty, but is ""', { group: '' }],
  ['consumer must be', { consumer: '' }],
  ['streams must be one or more different names, but is []', { streams: [] }],
  ['streams must be', { streams: ['a', streamKeys('a')] }],
  ['batchSize must be a whole number from 1 to 10000, but is 0', { batchSize: 0 }],
  ['blockMs must be', { blockMs: 0 }],
  ['maxInFlightBatches must be', { maxInFlightBatches: 0.5 }],
  ['minIdleMs must be', { minIdleMs: NaN }],
  ['maxAttempts must be a whole number from 3', { maxAttempts: 2 }],
  ['retryDelayMs must be', { retryDelayMs: 0 }],
  ['maxRetryDelayMs must be a whole number from 2000', { maxRetryDelayMs: 1 }],
  ['deadLetterLimit must be', { deadLetterLimit: -1 }],
  ['drainMs must be', { drainMs: -1 }],
  ['client.keyPrefix must be empty', { client: new Redis({ lazyConnect: true, keyPrefix: 'x:' }) }],
])('says that %s', (message, options) => {
  const check = (): unknown => toStreamsSettings({ ...valid, ...options });
  expect(check).toThrow(InvalidOptionError);
  expect(check).toThrow(message);
});
