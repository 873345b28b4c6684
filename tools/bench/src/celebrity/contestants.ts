import { LISTS, OURS, SORTED_SETS } from '../fanout/contestants.js';
import type { Contestant } from './contestant.js';
import { LISTS_KIND, openService, openWorker, SORTED_SETS_KIND } from './contestants/baselines.js';
import { openOurService, openOurWorker } from './contestants/redis-fanout.js';

/** Ours where nothing is left to be pulled. JSON has no infinity: the processes are told the name. */
export const ALL_PUSHED = 'redis-fanout, all pushed';

export const CONTESTANTS: readonly Contestant[] = [
  { name: OURS, openService: openOurService, openWorker: openOurWorker },
  {
    name: ALL_PUSHED,
    openService: async (setup) => openOurService({ ...setup, pushMaxFollowers: Infinity }),
    openWorker: async (setup) => openOurWorker({ ...setup, pushMaxFollowers: Infinity }),
  },
  {
    name: LISTS,
    openService: async (setup) => openService(setup, LISTS_KIND),
    openWorker: async (setup) => openWorker(setup, LISTS_KIND),
  },
  {
    name: SORTED_SETS,
    openService: async (setup) => openService(setup, SORTED_SETS_KIND),
    openWorker: async (setup) => openWorker(setup, SORTED_SETS_KIND),
  },
];
