/** How the services are measured. */
export interface Plan {
  readonly quick: boolean;
  /** In each of them every contestant has its turn, in processes of its own. */
  readonly rounds: number;
  /** Readers with a live timeline, and how many authors each of them follows. */
  readonly readers: number;
  readonly followed: number;
  /** Authors that are followed, and posts of each in the timelines. */
  readonly authors: number;
  readonly postsOfAuthor: number;
  /** Authors of the posts that are published while it is measured: the services limit how fast one of them may post. */
  readonly writers: number;
  /** Requests of a closed loop. */
  readonly pages: Amounts;
  readonly refreshes: Amounts;
  readonly posts: Amounts;
  /** Length of an open loop. */
  readonly openSeconds: number;
}

/** How many requests of one kind a turn has. */
export interface Amounts {
  /** Before those that are measured: what runs for the first time is slow. */
  readonly warmUp: number;
  readonly measured: number;
}

/** What the committed page is made with. */
export const FULL_PLAN: Plan = {
  quick: false,
  rounds: 5,
  readers: 2000,
  followed: 50,
  authors: 500,
  postsOfAuthor: 6,
  writers: 10_000,
  pages: { warmUp: 2000, measured: 2000 },
  refreshes: { warmUp: 6000, measured: 8000 },
  posts: { warmUp: 15_000, measured: 12_000 },
  openSeconds: 1.5,
};

/** Shows that everything works; the figures are worth nothing. */
export const QUICK_PLAN: Plan = {
  quick: true,
  rounds: 1,
  readers: 120,
  followed: 10,
  authors: 20,
  postsOfAuthor: 6,
  writers: 200,
  pages: { warmUp: 50, measured: 50 },
  refreshes: { warmUp: 50, measured: 50 },
  posts: { warmUp: 50, measured: 50 },
  openSeconds: 0.1,
};

/** Connections of a closed loop, each with one request under way. */
export const CONNECTIONS = 50;
/** Connections that an open loop may have. A request that finds them all in use waits, and its time goes on. */
export const OPEN_CONNECTIONS = 200;
/** The rate of an open loop, as a part of what the service can do with a core. */
export const OPEN_LOAD = 0.5;
/** Requests per second of an open loop, at least. */
export const QUICK_RATE = 100;
/** Characters of a post's text. */
export const TEXT_LENGTH = 280;
/** Posts on a page where the request does not say. */
export const PAGE_LIMIT = 50;
/** Requests of a turn whose answers are compared, and whose commands are counted. */
export const SAMPLE = 100;
/** How often they are read before, as the first reads of a process ask for what it keeps then. */
export const READ_BEFORE = 3;
/** For what is chosen at random: the same for all. */
export const SEED = 20_260_101;
