import { openHybrid } from './contestants/hybrid.js';
import { openPull } from './contestants/pull.js';
import {
  openJobQueue,
  openLists,
  openPromiseAll,
  openSortedSets,
  openTutorialLoop,
} from './contestants/pushing.js';
import { openRedisFanout } from './contestants/redis-fanout.js';
import type { OpenFeed } from './feed.js';

export interface MixContestant {
  readonly name: string;
  readonly open: OpenFeed;
  /** One in so many blocks of operations is done by those who would take too long for all. */
  readonly oneIn: number;
}

export const OURS = 'redis-fanout';
export const SORTED_SETS = 'pipelines, sorted sets';
export const PULL = 'pull at read time';

export const CONTESTANTS: readonly MixContestant[] = [
  { name: OURS, open: openRedisFanout, oneIn: 1 },
  { name: SORTED_SETS, open: openSortedSets, oneIn: 1 },
  { name: 'pipelines, lists', open: openLists, oneIn: 1 },
  { name: 'hybrid by followers, pipelines', open: openHybrid, oneIn: 1 },
  { name: 'BullMQ, 500 followers a job', open: openJobQueue, oneIn: 1 },
  { name: 'Promise.all of pushes', open: openPromiseAll, oneIn: 1 },
  { name: 'a loop that awaits each push', open: openTutorialLoop, oneIn: 1 },
  { name: PULL, open: openPull, oneIn: 4 },
];
