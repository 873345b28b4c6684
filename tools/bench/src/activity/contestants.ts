import { BARE, LISTS, OURS, SORTED_SETS } from '../fanout/contestants.js';
import type { Plan } from './plan.js';

/** A contestant with so many active readers. */
export interface Contestant {
  readonly name: string;
  /** Its name among those of `fanout`. */
  readonly contestant: string;
  /** Of a hundred readers; the others have no timeline. */
  readonly activePercent: number;
  /** Matches the keys of its timelines. */
  readonly timelines: string;
}

export function contestantsOf({ percents }: Plan): Contestant[] {
  return [
    ...percents.map((percent) => pushingToActive(OURS, 'fanout:{*}:timeline:*', percent)),
    ...percents.map((percent) => pushingToActive(BARE, 'bare:timeline:*', percent)),
    pushingToAll(LISTS, 'lists:timeline:*'),
    pushingToAll(SORTED_SETS, 'sorted-sets:timeline:*'),
  ];
}

/** The name of one that pushes to active readers alone. */
export function nameOf(contestant: string, activePercent: number): string {
  return `${contestant}: ${activePercent} % active`;
}

/** The name of one that does not know who is active. */
export function nameOfAny(contestant: string): string {
  return `${contestant}: any`;
}

function pushingToActive(contestant: string, timelines: string, activePercent: number): Contestant {
  return { name: nameOf(contestant, activePercent), contestant, activePercent, timelines };
}

/** Whoever is active, everybody has a timeline. */
function pushingToAll(contestant: string, timelines: string): Contestant {
  return { name: nameOfAny(contestant), contestant, activePercent: 100, timelines };
}
