/** What a window has measured. */
export interface WindowFigures {
  /** So long things were due. */
  readonly seconds: number;
  /** From when a small post was due until all its followers could read it. */
  readonly posts: { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number };
  /** From when a page was due until it was there. */
  readonly pages: { readonly p50Ms: number; readonly p99Ms: number };
  readonly redisCpuMs: number;
  /** How much of a core was busy, from 0 to 1: Redis; the service and the worker together. */
  readonly redisBusy: number;
  readonly clientBusy: number;
}

/** What the post of a celebrity has come to. */
export interface CelebrityFigures extends WindowFigures {
  readonly followers: number;
  /** From when the post was due until all its followers could read it. */
  readonly allMs: number;
  /** What Redis has spent beyond what it spends on as long a window without such a post. */
  readonly extraRedisCpuMs: number;
  /** The 99th percentile of the small posts to that of the window without such a post. */
  readonly p99Ratio: number;
}

/** What one turn has measured of a contestant. */
export interface TurnFigures {
  /** Without a celebrity's post. */
  readonly quiet: WindowFigures;
  /** With one of each celebrity, one after the other. */
  readonly celebrities: readonly CelebrityFigures[];
}
