/** How transports are measured. */
export interface Plan {
  readonly quick: boolean;
  /** In each of them every contestant has its turn, in processes of its own. */
  readonly rounds: number;
  /** Events of a turn before those that are measured, in each of the ways: what runs for the first time is slow. */
  readonly warmUp: number;
  /** Events that wait before a consumer comes. */
  readonly backlog: number;
  /** Events that are produced while a consumer takes them, as fast as it goes. */
  readonly flow: number;
  /** Events that are produced at a fixed rate, and the rate. */
  readonly steady: number;
  readonly rate: number;
}

/** What the committed page is made with. */
export const FULL_PLAN: Plan = {
  quick: false,
  rounds: 5,
  warmUp: 3000,
  backlog: 30_000,
  flow: 20_000,
  steady: 2000,
  rate: 1000,
};

/** Shows that everything works; the figures are worth nothing. */
export const QUICK_PLAN: Plan = {
  quick: true,
  rounds: 1,
  warmUp: 100,
  backlog: 500,
  flow: 500,
  steady: 100,
  rate: 500,
};

/** Bytes of an event's data, as JSON. */
export const EVENT_BYTES = 200;
/** Events that are handed over at once where they come in batches. */
export const BATCH = 100;
/** Events under way where they are handed over one by one: the producer waits until Redis has one of them. */
export const UNDER_WAY = 100;
/** What is not handled by then is missing. */
export const MISSING_AFTER_MS = 60_000;
