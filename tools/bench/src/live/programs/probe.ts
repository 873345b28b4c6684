/** Loaded into a server's process before the server itself (`--import`), and tells how that process does. */
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

import { answerCalls } from '../../shared/calls.js';
import type { ServerCalls, ServerMemory, ServerWork } from '../calls.js';

/** The event loop is looked at so often; what is longer from one look to the next is delay. */
const RESOLUTION_MS = 1;
/** Memory is given back to the system by and by. */
const COLLECTIONS = 5;
const SETTLING_MS = 200;

let watching: { readonly loop: IntervalHistogram; readonly cpu: NodeJS.CpuUsage } | undefined;

answerCalls({
  memory,
  watch,
  watched,
} satisfies ServerCalls);

async function memory(): Promise<ServerMemory> {
  for (let i = 0; i < COLLECTIONS; i++) {
    globalThis.gc?.();
    await delay(SETTLING_MS);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { residentBytes: rss, heapBytes: heapUsed + external };
}

/** Delay counts from the first look on. */
async function watch(): Promise<void> {
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  loop.enable();
  while (loop.count === 0) await delay(RESOLUTION_MS);
  watching = { loop, cpu: process.cpuUsage() };
}

function watched(): ServerWork {
  if (watching === undefined) throw new Error('nothing is watched');
  const { loop, cpu } = watching;
  watching = undefined;
  loop.disable();
  const { user, system } = process.cpuUsage(cpu);
  return {
    loopMaxMs: delayMs(loop.max),
    loopP99Ms: delayMs(loop.percentile(99)),
    cpuMs: (user + system) / 1000,
  };
}

function delayMs(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
}
