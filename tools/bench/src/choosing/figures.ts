/** What one round has measured of one pattern and audience. */
export interface RoundFigures {
  /** Processor time of Redis until a message is in place for everyone, in microseconds. */
  readonly publishCpuUs: number;
  /** Messages in place for everyone, per second. */
  readonly messagesPerSecond: number;
  /** Processor time of Redis until one recipient has one message; undefined where publishing is all there is. */
  readonly receiveCpuUs: number | undefined;
  /** Messages that recipients had, per second; undefined where they arrive by being published. */
  readonly receivedPerSecond: number | undefined;
  readonly latency: Latency;
  readonly memory: Memory;
  /** Messages that a recipient who was absent had afterwards. */
  readonly absent: { readonly had: number; readonly published: number };
}

/** From the call that publishes to the call of the handler. */
export interface Latency {
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** Bytes for each recipient. */
interface Memory {
  /** Being subscribed, with nothing waiting. */
  readonly subscribed: number;
  /** Each message that waits. */
  readonly perMessage: number;
}

/** What one round has measured of a team, where consumers share what one recipient gets. */
export interface TeamRoundFigures {
  /** Processor time of Redis for a message, published in a burst, until it is acknowledged; in microseconds. */
  readonly burstCpuUs: number;
  readonly messagesPerSecond: number;
  /** The same of a message that is published when nothing else is going on. */
  readonly pacedCpuUs: number;
  readonly latency: Latency;
}

/** What makes a row of the tables. */
export interface Measured<Figures> {
  readonly pattern: string;
  readonly audience: number;
  /** Whether the pattern writes a message once, and not once for each recipient. */
  readonly writtenOnce: boolean;
  readonly rounds: readonly Figures[];
}

/** A pattern that did not take so large an audience. */
export interface Refused {
  readonly pattern: string;
  readonly audience: number;
  /** The recipient that was one too many is the one after this. */
  readonly largestAudience: number;
  /** Name of the error. */
  readonly error: string;
}

/** Everything that a run has measured. */
export interface Figures {
  readonly patterns: readonly (Measured<RoundFigures> | Refused)[];
  readonly teams: readonly Measured<TeamRoundFigures>[];
}

export function isRefused(row: Measured<RoundFigures> | Refused): row is Refused {
  return 'error' in row;
}
