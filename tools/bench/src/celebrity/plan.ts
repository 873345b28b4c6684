/** How a celebrity's post beside the posts of many is measured. */
export interface Plan {
  readonly quick: boolean;
  /** In each of them every contestant has its turn. */
  readonly rounds: number;
  /** Followers of the celebrities, in ascending order; there are as many readers as the last one has. */
  readonly celebrities: readonly number[];
  /** Readers whose pages are read. They are the first ones, and follow the celebrities first. */
  readonly warm: number;
  /** Authors who write the small posts, with so many followers each, among those readers. */
  readonly authors: number;
  readonly audience: number;
  /** So many different timelines those readers have at first. */
  readonly kinds: number;
  /** Small posts, and pages, that are due each second. */
  readonly postsPerSecond: number;
  readonly pagesPerSecond: number;
  /** How long a window lasts; with a celebrity's post as long as its delivery goes on, up to the most. */
  readonly seconds: number;
  readonly maxSeconds: number;
  /** What ours leaves to be pulled; as it is by default, where this is not given. */
  readonly pushMaxFollowers?: number;
  /** Pages that are looked at after each window. */
  readonly checked: number;
}

/** What the committed page is made with. */
export const FULL_PLAN: Plan = {
  quick: false,
  rounds: 5,
  celebrities: [14_000, 100_000, 1_000_000],
  warm: 20_000,
  authors: 4000,
  audience: 50,
  kinds: 200,
  postsPerSecond: 200,
  pagesPerSecond: 1000,
  seconds: 3,
  maxSeconds: 8,
  checked: 50,
};

/** Shows that everything works; the figures are worth nothing. */
export const QUICK_PLAN: Plan = {
  quick: true,
  rounds: 1,
  celebrities: [100, 2000],
  warm: 200,
  authors: 40,
  audience: 10,
  kinds: 5,
  postsPerSecond: 100,
  pagesPerSecond: 100,
  seconds: 0.3,
  maxSeconds: 2,
  // Between the followers that the two celebrities have in a partition.
  pushMaxFollowers: 60,
  checked: 20,
};

/** Posts of a page. */
export const PAGE = 20;
/** Posts that each timeline holds from the beginning: more than a page. */
export const ENTRIES = 24;
/** Posts that the worker of a baseline delivers at once. */
export const AT_ONCE = 8;
/** The text of each post. */
export const TEXT =
  'all that is written here was written by nobody and says nothing to anybody who reads it, '
    .repeat(2)
    .slice(0, 140);
