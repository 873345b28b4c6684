import type { HttpRequest } from './http-request.js';

/** What the process that makes the load answers. */
export interface LoadCalls {
  /** Says what is to be sent, over and over. */
  readonly aim: (target: LoadTarget) => void;
  /** Sends so many requests over some connections, each of which waits for an answer before it sends the next. */
  readonly closed: (load: ClosedLoad) => Promise<void>;
  /** Sends requests when they are due, whether or not others are answered. Answers how long each took. */
  readonly open: (load: OpenLoad) => Promise<readonly number[]>;
}

export interface LoadTarget {
  readonly port: number;
  readonly requests: readonly HttpRequest[];
  /** What each is to be answered with; anything else fails the load. */
  readonly status: number;
}

export interface ClosedLoad {
  readonly amount: number;
  readonly connections: number;
}

export interface OpenLoad {
  /** Requests per second, on average. */
  readonly rate: number;
  readonly seconds: number;
  readonly connections: number;
  readonly seed: number;
}

/** What `probe.ts` answers in the process of a server. */
export interface ServerCalls {
  /** Processor time of the process so far, in microseconds. */
  readonly cpuUs: () => number;
}
