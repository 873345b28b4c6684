import { allowedCores } from '../shared/pinning.js';

/** The core of each part; undefined where none is bound to one. */
export interface Cores {
  readonly redis: number | undefined;
  readonly consumer: number | undefined;
  readonly producer: number | undefined;
}

export const NO_CORES: Cores = { redis: undefined, consumer: undefined, producer: undefined };

/** Redis has a core to itself; the consumer shares one with the producer unless there are three. */
export function coresOfParts(allowed = allowedCores()): Cores {
  const [redis, consumer, producer = consumer] = allowed.toReversed();
  return consumer === undefined ? NO_CORES : { redis, consumer, producer };
}

/** What a page says of it. */
export function describeCores({ redis, consumer, producer }: Cores): string {
  if (redis === undefined) return 'no process was bound to a core';
  const others =
    consumer === producer
      ? `the consumer and the producer shared core ${consumer ?? ''}`
      : `the consumer core ${consumer ?? ''}, the producer core ${producer ?? ''}`;
  return `Redis had core ${redis} to itself, ${others}`;
}
