import { type Named, named } from '../shared/rounds.js';
import type { OpenFanOut } from './contestant.js';
import { openBareAppends, openBarePushes } from './contestants/bare-pushes.js';
import { openJobQueue } from './contestants/job-queue.js';
import { openPipelinedLists } from './contestants/pipelined-lists.js';
import { openPipelinedSortedSets } from './contestants/pipelined-sorted-sets.js';
import { openPromiseAll } from './contestants/promise-all.js';
import { hybridRedisFanout, openRedisFanout } from './contestants/redis-fanout.js';
import { openTutorialLoop } from './contestants/tutorial-loop.js';

export interface Contestant extends Named {
  readonly open: OpenFanOut;
  /** One in so many posts is delivered by those who would take too long for all. */
  readonly oneIn: number;
  /** See `Running`; not, unless it is said. */
  readonly mixesNeighbours?: boolean;
}

export const OURS = 'redis-fanout';
export const LOOP = 'a loop that awaits each push';
export const LISTS = 'pipelines, lists';
export const SORTED_SETS = 'pipelines, sorted sets';
export const BARE = 'bare LPUSHX, followers known';
export const BARE_APPENDS = 'bare RPUSHX, followers known';

export const HYBRID = 'redis-fanout, default threshold';
/** A threshold that large authors of a network of some 100,000 exceed: followers in a partition. */
export const LOW_THRESHOLD = 100;
export const LOW_HYBRID = `redis-fanout, threshold ${LOW_THRESHOLD}`;
export const JOBS = 'BullMQ, 500 followers a job';

export const CONTESTANTS: readonly Contestant[] = [
  { name: OURS, open: openRedisFanout, oneIn: 1 },
  { name: BARE, open: openBarePushes, oneIn: 1 },
  { name: LISTS, open: openPipelinedLists, oneIn: 1 },
  { name: SORTED_SETS, open: openPipelinedSortedSets, oneIn: 1 },
  { name: JOBS, open: openJobQueue, oneIn: 1, mixesNeighbours: true },
  { name: 'Promise.all of pushes', open: openPromiseAll, oneIn: 4 },
  { name: LOOP, open: openTutorialLoop, oneIn: 10 },
];

/** Ours as it is set up where large audiences are to be expected. */
const HYBRIDS: readonly Contestant[] = [
  { name: HYBRID, open: hybridRedisFanout(), oneIn: 1 },
  { name: LOW_HYBRID, open: hybridRedisFanout({ pushMaxFollowers: LOW_THRESHOLD }), oneIn: 1 },
];

/** What ours does in Redis, from outside. */
const APPENDS: Contestant = { name: BARE_APPENDS, open: openBareAppends, oneIn: 1 };

/** @throws Error where there is none of this name */
export function contestantNamed(name: string): Contestant {
  return named([...CONTESTANTS, ...HYBRIDS, APPENDS], name);
}
