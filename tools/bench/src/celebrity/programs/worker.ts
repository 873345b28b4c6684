/** The process of a contestant that delivers. */
import { answerCalls } from '../../shared/calls.js';
import { cpuUs } from '../../transport/programs/cpu.js';
import type { WorkerCalls } from '../calls.js';
import type { Worker } from '../contestant.js';
import { contestantNamed } from '../contestants.js';

let worker: Worker | undefined;

answerCalls({
  open: async ({ contestant, ...setup }) => {
    worker = await contestantNamed(contestant).openWorker(setup);
  },
  visibleAtMs: async (ids) => {
    if (worker === undefined) throw new Error('no worker is open');
    return worker.visibleAtMs(ids);
  },
  cpuUs,
} satisfies WorkerCalls);
