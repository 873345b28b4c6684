import type { MeasuredEvent } from '../event.js';

/** Hands events over. */
export interface Producer {
  /** Resolves when Redis has it. */
  readonly send: (event: MeasuredEvent) => Promise<unknown>;
  /** Sends several that are there at once, in the way meant for that. Resolves when Redis has all. */
  readonly sendBatch: (events: readonly MeasuredEvent[]) => Promise<unknown>;
}

export type OpenProducer = (redisUrl: string) => Promise<Producer>;

/** Takes events to a handler. */
export interface Consumer {
  /** Resolves when events are taken, or about to be where those that come meanwhile are kept. */
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Makes everything ready, so that what a framework takes to start is not measured. */
export type PrepareConsumer = (redisUrl: string, handle: (event: MeasuredEvent) => void) => Promise<Consumer>;
