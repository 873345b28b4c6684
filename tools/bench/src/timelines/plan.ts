/** How keeping and reading timelines is measured. */
export interface Plan {
  readonly quick: boolean;
  readonly rounds: number;
  /** Readers of each kind whose pages are read. */
  readonly readers: number;
  readonly authors: number;
  /** Authors that each reader follows, beside the large ones. */
  readonly followed: number;
  /** Authors whose posts are pulled by those who follow them. */
  readonly large: number;
  /** Posts that fill the timelines. */
  readonly posts: number;
  /** Pages of a turn. */
  readonly pages: number;
  /** Timelines whose size is measured, and their lengths. */
  readonly kept: number;
  readonly lengths: readonly number[];
  /** Graphs whose follows are measured: so many users all follow so many, and are followed by as many. */
  readonly follows: readonly { readonly followed: number; readonly users: number }[];
  /** Timelines beyond any cache, their entries, and the posts that those are chosen from. */
  readonly largeSet: { readonly timelines: number; readonly entries: number; readonly posts: number };
}

/** What the committed page is made with. */
export const FULL_PLAN: Plan = {
  quick: false,
  rounds: 5,
  readers: 1000,
  authors: 1000,
  followed: 200,
  large: 20,
  posts: 5000,
  pages: 20_000,
  kept: 1000,
  lengths: [50, 400, 800],
  follows: [
    { followed: 50, users: 10_000 },
    { followed: 1000, users: 2000 },
  ],
  largeSet: { timelines: 100_000, entries: 400, posts: 20_000 },
};

/** Shows that everything works; the figures are worth nothing. */
export const QUICK_PLAN: Plan = {
  quick: true,
  rounds: 1,
  readers: 50,
  authors: 50,
  followed: 20,
  large: 5,
  posts: 200,
  pages: 200,
  kept: 20,
  lengths: [50, 100],
  follows: [{ followed: 50, users: 200 }],
  largeSet: { timelines: 300, entries: 60, posts: 200 },
};

/** Posts of a page. */
export const PAGE = 50;
/** Pages that are asked for at once. */
export const READING = 50;
/** Follows, and posts, that are written at once. */
export const WRITING = 100;
