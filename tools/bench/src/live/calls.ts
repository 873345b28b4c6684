import type { Protocol } from './contestant.js';

/** What the process of the clients answers; see `Audience`. */
export interface ClientCalls {
  /** Answers how many seconds it took. */
  readonly connect: (to: {
    readonly protocol: Protocol;
    readonly port: number;
    readonly readers: readonly string[];
  }) => Promise<number>;
  readonly received: (posts: number) => Promise<readonly number[]>;
  readonly check: (numbers: readonly number[]) => void;
}

/** What `probe.ts` answers in the process of a server. */
export interface ServerCalls {
  /** What the process takes once nothing is left to be collected. */
  readonly memory: () => Promise<ServerMemory>;
  /** Resolves when the process is looked at. */
  readonly watch: () => Promise<void>;
  /** Answers what it did since `watch`. */
  readonly watched: () => ServerWork;
}

export interface ServerMemory {
  readonly residentBytes: number;
  /** JavaScript objects, and buffers. */
  readonly heapBytes: number;
}

export interface ServerWork {
  /** The longest that the event loop was kept busy at a stretch. */
  readonly loopMaxMs: number;
  /** The 99th percentile of such stretches. */
  readonly loopP99Ms: number;
  readonly cpuMs: number;
}
