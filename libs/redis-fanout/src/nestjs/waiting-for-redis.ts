import { setTimeout as delay } from 'node:timers/promises';

import { Logger } from '@nestjs/common';

import { type RedisClient, StorageUnavailableError } from '../index.js';

const RETRY_MS = 500;
const logger = new Logger('RedisFanoutModule');
const never = new AbortController().signal;

/** How to wait for Redis. */
export interface Patience<T> {
  readonly client: RedisClient;
  readonly timeoutMs: number;
  /** Ends the waiting, with its reason. */
  readonly signal?: AbortSignal;
  /** Is given what is opened when nobody waits for it any more. */
  readonly discard?: (late: T) => void;
}

/**
 * Opens something on a Redis that may start at the same time: tries again while Redis does not serve.
 *
 * @throws StorageUnavailableError when the time is over, also where an attempt does not end by itself: a connection may
 *   be set up to try for ever.
 */
export async function openWhenRedisServes<T>(
  open: () => Promise<T>,
  { client, timeoutMs, signal = never, discard }: Patience<T>,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const attempt = open();
    try {
      return await inTime(attempt, deadline - performance.now(), signal);
    } catch (error) {
      attempt.then(discard, () => undefined);
      // A connection that its owner has closed does not come back.
      const over = performance.now() + RETRY_MS > deadline || client.status === 'end';
      if (!(error instanceof StorageUnavailableError) || over) throw error;
      logger.warn(`waiting for Redis: ${error.message}`);
    }
    // Where it is cut short, the next round says why.
    await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** What an attempt comes to, unless the time or the waiting is over first. */
async function inTime<T>(attempt: Promise<T>, timeoutMs: number, signal: AbortSignal): Promise<T> {
  const settled = new AbortController();
  const over = delay(timeoutMs, undefined, { signal: AbortSignal.any([signal, settled.signal]) }).then(
    () => {
      throw new StorageUnavailableError(new Error('no answer in time'));
    },
    () => {
      signal.throwIfAborted();
      return attempt;
    },
  );
  try {
    return await Promise.race([attempt, over]);
  } finally {
    settled.abort();
  }
}
