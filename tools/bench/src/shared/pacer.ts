/** A thread that tells when requests are due. Timers of Node.js are late by up to a millisecond, a sleeping thread is not. */
import { parentPort, workerData } from 'node:worker_threads';

import { nowMs } from './clock.js';

const { startMs, dueMs } = workerData as { readonly startMs: number; readonly dueMs: readonly number[] };
const never = new Int32Array(new SharedArrayBuffer(4));
dueMs.forEach((ms, i) => {
  const waitMs = startMs + ms - nowMs();
  if (waitMs > 0) Atomics.wait(never, 0, 0, waitMs);
  parentPort?.postMessage(i);
});
