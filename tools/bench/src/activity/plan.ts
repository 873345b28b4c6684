import type { PowerLaw } from '../fanout/graph.js';

/** How it is measured what inactive readers cost. */
export interface Plan {
  readonly quick: boolean;
  readonly graph: PowerLaw;
  /** So many of a hundred readers are active. */
  readonly percents: readonly number[];
  /** In each of them every contestant has its turn. */
  readonly rounds: number;
  /** Posts of a round. */
  readonly posts: number;
  /** Timelines of active readers that are held to the model after each turn. */
  readonly checked: number;
}

/** What the committed page is made with. */
export const FULL_PLAN: Plan = {
  quick: false,
  graph: { kind: 'power-law', readers: 50_000, authors: 50_000, follows: 2_500_000, seed: 1 },
  percents: [1, 10, 30, 70, 100],
  rounds: 5,
  posts: 6_000,
  checked: 200,
};

/** Shows that everything works; the figures are worth nothing. */
export const QUICK_PLAN: Plan = {
  quick: true,
  graph: { kind: 'power-law', readers: 500, authors: 500, follows: 10_000, seed: 1 },
  percents: [10, 100],
  rounds: 1,
  posts: 50,
  checked: 50,
};
