import type { AnyFanoutStrategy, Capabilities } from '../../src/index.js';

/** One process that has opened a strategy; its payloads may be anything. */
export type Process = AnyFanoutStrategy<unknown>;

/** How a process opens a strategy; where the strategy has no such option it is left out. */
export interface ProcessOptions {
  readonly largestAudience?: number;
}

/** What the suite looks at: a strategy on one kind of storage. */
export interface Subject {
  readonly name: string;
  /** What it is to declare, and then to do. */
  readonly capabilities: Capabilities;
  /** A name that is just allowed: the longest, of every character that a name may have. */
  readonly extremeName: string;
  /** Somewhere that nothing has touched. */
  place(): Place;
}

/** Where any number of processes share the messages of one strategy. */
export interface Place {
  /** Another process; whoever opens it closes it. */
  open(options?: ProcessOptions): Promise<Process>;
  /** Takes the connections away over which processes hear of messages; they may connect again. */
  cutConnections(): Promise<void>;
  /** Ends what the place itself runs, once its processes are closed. */
  end(): Promise<void>;
}
