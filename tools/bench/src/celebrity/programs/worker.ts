/** The process of a contestant that delivers. */
import { answerCalls } from '../../shared/calls.js';
import { cpuUs } from '../../shared/cpu.js';
import { named } from '../../shared/rounds.js';
import type { WorkerCalls } from '../calls.js';
import type { Worker } from '../contestant.js';
import { CONTESTANTS } from '../contestants.js';

let worker: Worker | undefined;

answerCalls({
  open: async ({ contestant, ...setup }) => {
    worker = await named(CONTESTANTS, contestant).openWorker(setup);
  },
  visibleAtMs: async (ids) => {
    if (worker === undefined) throw new Error('no worker is open');
    return worker.visibleAtMs(ids);
  },
  cpuUs,
} satisfies WorkerCalls);
