import type { OpenFanOut } from './contestant.js';
import { openBarePushes } from './contestants/bare-pushes.js';
import { openJobQueue } from './contestants/job-queue.js';
import { openPipelinedLists } from './contestants/pipelined-lists.js';
import { openPipelinedSortedSets } from './contestants/pipelined-sorted-sets.js';
import { openPromiseAll } from './contestants/promise-all.js';
import { openRedisFanout } from './contestants/redis-fanout.js';
import { openTutorialLoop } from './contestants/tutorial-loop.js';

export interface Contestant {
  readonly name: string;
  readonly open: OpenFanOut;
  /** One in so many posts is delivered by those who would take too long for all. */
  readonly oneIn: number;
}

export const OURS = 'redis-fanout';
export const LOOP = 'a loop that awaits each push';
export const LISTS = 'pipelines, lists';
export const SORTED_SETS = 'pipelines, sorted sets';
export const BARE = 'bare LPUSHX, followers known';

export const CONTESTANTS: readonly Contestant[] = [
  { name: OURS, open: openRedisFanout, oneIn: 1 },
  { name: BARE, open: openBarePushes, oneIn: 1 },
  { name: LISTS, open: openPipelinedLists, oneIn: 1 },
  { name: SORTED_SETS, open: openPipelinedSortedSets, oneIn: 1 },
  { name: 'BullMQ, 500 followers a job', open: openJobQueue, oneIn: 1 },
  { name: 'Promise.all of pushes', open: openPromiseAll, oneIn: 4 },
  { name: LOOP, open: openTutorialLoop, oneIn: 10 },
];
