import type { PowerLaw } from './graph.js';

/** As the system has them by default. */
export const PARTITIONS = 8;

/** How deliveries are measured. */
export interface Plan {
  readonly quick: boolean;
  readonly graph: PowerLaw;
  /** In each of them every contestant has its turn. */
  readonly rounds: number;
  /** Posts of a round. */
  readonly posts: number;
  /** Timelines that are held to the model after each turn. */
  readonly checked: number;
}

/** What the committed page is made with. */
export const FULL_PLAN: Plan = {
  quick: false,
  graph: { kind: 'power-law', readers: 100_000, authors: 100_000, follows: 5_000_000, seed: 1 },
  rounds: 5,
  posts: 20_000,
  checked: 200,
};

/** Shows that everything works; the figures are worth nothing. */
export const QUICK_PLAN: Plan = {
  quick: true,
  graph: { kind: 'power-law', readers: 500, authors: 500, follows: 10_000, seed: 1 },
  rounds: 1,
  posts: 100,
  checked: 100,
};
