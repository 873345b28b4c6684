import { arrivals } from '../shared/arrivals.js';
import type { LoadSpec } from './calls.js';

/** Something that is due. */
export interface Due {
  readonly what: 'post' | 'page' | 'celebrity';
  /** From the start of the window. */
  readonly ms: number;
}

/** A celebrity's post comes when this part of the shortest window is over. */
const CELEBRITY_AT = 0.1;

/** Everything that is due in the longest window that a load allows, in its order. */
export function thingsDue(load: LoadSpec): Due[] {
  const { postsPerSecond, pagesPerSecond, seconds, maxSeconds, celebrity, seed } = load;
  const longest = celebrity === undefined ? seconds : maxSeconds;
  const due = (what: Due['what'], rate: number, itsSeed: number): Due[] =>
    arrivals(rate, longest, itsSeed).map((ms) => ({ what, ms }));
  return [
    ...due('post', postsPerSecond, seed),
    ...due('page', pagesPerSecond, seed + 1),
    ...(celebrity === undefined ? [] : [{ what: 'celebrity', ms: seconds * 1000 * CELEBRITY_AT } as const]),
  ].sort((a, b) => a.ms - b.ms);
}
