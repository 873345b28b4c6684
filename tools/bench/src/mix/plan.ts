import type { UsersSpec } from './users.js';

/** How the mix is measured. */
export interface Plan {
  readonly quick: boolean;
  readonly users: UsersSpec;
  /** Posts that timelines are filled with. */
  readonly filled: number;
  /** In each of them every contestant has its turn; once with pages, once with refreshes. */
  readonly rounds: number;
  /** Posts of a turn, each with what goes with it. */
  readonly posts: { readonly pages: number; readonly refreshes: number };
  /** Operations that are under way at once. */
  readonly atOnce: number;
  /** Users whose pages are held to the model after each turn. */
  readonly checked: number;
}

/** What the committed page is made with. */
export const FULL_PLAN: Plan = {
  quick: false,
  users: { users: 20_000, follows: 1_000_000, activePercent: 70, seed: 1 },
  filled: 80_000,
  rounds: 9,
  posts: { pages: 80, refreshes: 160 },
  atOnce: 64,
  checked: 200,
};

/** Shows that everything works; the figures are worth nothing. */
export const QUICK_PLAN: Plan = {
  quick: true,
  users: { users: 300, follows: 6000, activePercent: 70, seed: 1 },
  filled: 1500,
  rounds: 1,
  posts: { pages: 4, refreshes: 4 },
  atOnce: 16,
  checked: 100,
};
