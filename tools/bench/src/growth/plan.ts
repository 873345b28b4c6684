/** How costs are measured as a system grows. */
export interface Plan {
  readonly quick: boolean;
  readonly rounds: number;
  /** Numbers of readers, with the usual partitions. */
  readonly readers: readonly number[];
  /** Numbers of partitions, with the readers of `partitioned`. */
  readonly partitions: readonly number[];
  readonly partitioned: number;
  /** Followers of every author. */
  readonly audience: number;
  /** Posts of a turn. */
  readonly posts: number;
  readonly checked: number;
}

/** Readers for each author: each reader follows a tenth of an audience. */
export const READERS_PER_AUTHOR = 10;

/** What the committed page is made with. */
export const FULL_PLAN: Plan = {
  quick: false,
  rounds: 5,
  readers: [10_000, 100_000, 1_000_000],
  partitions: [1, 8, 64],
  partitioned: 100_000,
  audience: 50,
  posts: 6000,
  checked: 100,
};

/** Shows that everything works; the figures are worth nothing. */
export const QUICK_PLAN: Plan = {
  quick: true,
  rounds: 1,
  readers: [200, 400],
  partitions: [1, 4],
  partitioned: 200,
  audience: 20,
  posts: 50,
  checked: 50,
};
