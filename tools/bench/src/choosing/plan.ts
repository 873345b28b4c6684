/** How an audience of one size is measured. */
export interface Size {
  /** Recipients of the source. */
  readonly audience: number;
  /** Connections that the recipients of Pub/Sub share, as if each were a process. */
  readonly connections: number;
  /** Messages published one on top of the other, for costs and rates. */
  readonly burst: number;
  /** Messages published one after the other has arrived, for the latency. */
  readonly paced: number;
}

/** What one run measures, and how often. */
export interface Plan {
  readonly quick: boolean;
  /** In each of them every pattern has its turn. */
  readonly rounds: number;
  readonly sizes: readonly Size[];
  /** Of teams, where consumers share what one recipient gets: how many consumers. */
  readonly teams: readonly Omit<Size, 'connections'>[];
}

/** What the committed page is made with. */
export const FULL_PLAN: Plan = {
  quick: false,
  rounds: 5,
  sizes: [
    { audience: 10, connections: 10, burst: 500, paced: 100 },
    { audience: 1000, connections: 1000, burst: 100, paced: 100 },
    { audience: 100_000, connections: 100, burst: 10, paced: 10 },
  ],
  teams: [
    { audience: 10, burst: 500, paced: 100 },
    { audience: 100, burst: 500, paced: 100 },
  ],
};

/** Shows that everything works; the figures are worth nothing. */
export const QUICK_PLAN: Plan = {
  quick: true,
  rounds: 2,
  sizes: [
    { audience: 10, connections: 10, burst: 20, paced: 5 },
    { audience: 100, connections: 20, burst: 20, paced: 5 },
    { audience: 2000, connections: 20, burst: 5, paced: 5 },
  ],
  teams: [
    { audience: 2, burst: 20, paced: 5 },
    { audience: 10, burst: 20, paced: 5 },
  ],
};

/** Messages of a burst, at least, where a message is written once: they are so cheap that few of them say little. */
export const LEAST_WRITTEN_ONCE = 100;
/** Messages that wait when the memory is looked at. */
export const WAITING = 10;
/** Recipients that were absent and come for what they have, at most: spread over the whole audience. */
export const COLLECTORS = 100;
/** Recipients that listen where not all do, at most. */
export const LISTENERS = 10;
/** Publishings under way at once in a burst. */
export const IN_FLIGHT = 16;
/** Characters of text in each payload. */
export const TEXT_LENGTH = 100;
