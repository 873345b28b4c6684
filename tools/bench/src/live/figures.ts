/** What one turn has measured of a contestant. */
export interface TurnFigures {
  /** From publishing to the first client, and to the last one; the median of the posts. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** From publishing to a client, of all clients and posts. */
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Resident memory of the server for each idle connection. */
  readonly residentBytes: number;
  /** What of it JavaScript objects and buffers take. */
  readonly heapBytes: number;
  /** The longest that the server's event loop was kept busy at a stretch while a post went out, the median of the posts. */
  readonly loopMaxMs: number;
  /** The 99th percentile of such stretches, the median of the posts. */
  readonly loopP99Ms: number;
  /** Processor time of the server for a post. */
  readonly serverCpuMs: number;
  /** Processor time of Redis for a post. */
  readonly redisCpuMs: number;
  /** Until all connections were open. */
  readonly connectSeconds: number;
}
