/** What one turn has measured of a contestant. */
export interface TurnFigures {
  /** Requests for each second of the server's processor time, in a closed loop. */
  readonly perCpuSecond: number;
  /** Requests a second that were answered in a closed loop. */
  readonly perSecond: number;
  /** Processor time of the server, and of Redis, for a request. */
  readonly serverCpuUs: number;
  readonly redisCpuUs: number;
  /** From when a request was due until it was answered, in an open loop at the same rate for all. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}
