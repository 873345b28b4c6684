import { Worker } from 'node:worker_threads';

import { nowMs } from './clock.js';

/** Between making a schedule and its beginning. */
const LEAD_MS = 50;

/** When things are due. */
export interface Schedule {
  /** By `nowMs`. */
  readonly startMs: number;
  /** From the start, in ascending order. */
  readonly dueMs: readonly number[];
}

/** A schedule that is about to begin. */
export function scheduleOf(dueMs: readonly number[]): Schedule {
  return { startMs: nowMs() + LEAD_MS, dueMs };
}

/** Tells of each thing, by index, when it is due. Resolves when it is told that this is all. @throws what it is told went wrong */
export async function pace(
  schedule: Schedule,
  take: (index: number, end: () => void, fail: (error: unknown) => void) => void,
): Promise<void> {
  const pacer = new Worker(new URL('./pacer.js', import.meta.url), { workerData: schedule });
  try {
    await new Promise<void>((resolve, reject) => {
      pacer.on('error', reject);
      pacer.on('message', (index: number) => {
        take(index, resolve, reject);
      });
    });
  } finally {
    await pacer.terminate();
  }
}
