import type { Order } from '../shared/receipts.js';
import type { Transport } from './contestant.js';

/** What a process of a transport is opened with. */
export interface Opening {
  readonly transport: Transport;
  readonly redisUrl: string;
}

/** What was handled. */
export interface Handled {
  /** When the last of them was, by `nowMs`. */
  readonly atMs: number;
  /** Of those that were sent at a fixed rate: from when each was to be sent until its handler was called. */
  readonly latenciesMs: readonly number[];
}

/** What the process of the consumer answers. */
export interface ConsumerCalls {
  /** Makes everything ready. */
  readonly prepare: (opening: Opening) => Promise<void>;
  /** Begins to consume. */
  readonly start: () => Promise<void>;
  /** Stops to consume. */
  readonly close: () => Promise<void>;
  /** Resolves when so many events were handled in all. Latencies are told once. */
  readonly handled: (count: number) => Promise<Handled>;
  /** @throws Error unless each event up to this number was handled once, in this order where it is said */
  readonly check: (expected: { readonly count: number; readonly order: Order }) => void;
  /** Processor time so far, in microseconds. */
  readonly cpuUs: () => number;
}

/** What the process of the producer answers. Each goes on with the number after the last one. */
export interface ProducerCalls {
  readonly open: (opening: Opening) => Promise<void>;
  /** Sends events as fast as it goes: in batches, or one by one. Resolves when Redis has all. */
  readonly send: (order: {
    readonly count: number;
    readonly how: 'in batches' | 'one by one';
  }) => Promise<Span>;
  /** Sends events at a fixed rate, whatever becomes of them. */
  readonly sendSteadily: (order: {
    readonly count: number;
    /** Events a second. */ readonly rate: number;
  }) => Promise<void>;
  readonly cpuUs: () => number;
}

/** From when to when something went on. */
export interface Span {
  /** By `nowMs`. */
  readonly fromMs: number;
  readonly toMs: number;
}
