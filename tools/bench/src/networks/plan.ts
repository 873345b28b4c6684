/** How a recorded network is measured. */
export interface Plan {
  readonly quick: boolean;
  /** In each of them every contestant has its turn. */
  readonly rounds: number;
  /** Events of a round: those of the log that come next. */
  readonly events: number;
  /** Timelines that are held to the model after each turn. */
  readonly checked: number;
}

/** What the committed page is made with. */
export const FULL_PLAN: Plan = { quick: false, rounds: 5, events: 30_000, checked: 1000 };

/** Shows that everything works; the figures are worth nothing. */
export const QUICK_PLAN: Plan = { quick: true, rounds: 1, events: 200, checked: 100 };
