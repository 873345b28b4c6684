/** How live connections are measured. */
export interface Plan {
  readonly quick: boolean;
  /** Readers with a connection each; all of them get every post. */
  readonly connections: number;
  /** In each of them every contestant has its turn, in processes of its own. */
  readonly rounds: number;
  /** Posts of a turn before those that are measured: what runs for the first time is slow. */
  readonly warmUpPosts: number;
  /** Posts of a turn that are measured, one after the other. */
  readonly posts: number;
}

/** What the committed page is made with. */
export const FULL_PLAN: Plan = { quick: false, connections: 5000, rounds: 5, warmUpPosts: 10, posts: 20 };

/** Shows that everything works; the figures are worth nothing. */
export const QUICK_PLAN: Plan = { quick: true, connections: 200, rounds: 1, warmUpPosts: 2, posts: 3 };

/** Connections that are being opened at once. */
export const OPENING = 50;
/** Time between two posts, for what the last one has left to be done. */
export const PAUSE_MS = 100;
/** A post that is not everywhere by then is missing. */
export const MISSING_AFTER_MS = 30_000;
/** Characters of a post's text. */
export const TEXT_LENGTH = 280;
