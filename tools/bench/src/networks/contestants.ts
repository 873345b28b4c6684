import { BARE, HYBRID, JOBS, LISTS, LOOP, LOW_HYBRID, OURS, SORTED_SETS } from '../fanout/contestants.js';

/** Who takes part, and delivers one in so many events. */
export interface Contestant {
  readonly name: string;
  readonly oneIn: number;
}

export const CONTESTANTS: readonly Contestant[] = [
  { name: OURS, oneIn: 1 },
  { name: HYBRID, oneIn: 1 },
  { name: LOW_HYBRID, oneIn: 1 },
  { name: BARE, oneIn: 1 },
  { name: LISTS, oneIn: 1 },
  { name: SORTED_SETS, oneIn: 1 },
  { name: JOBS, oneIn: 4 },
  { name: LOOP, oneIn: 10 },
];
