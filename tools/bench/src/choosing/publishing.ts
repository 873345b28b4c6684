import { forEach } from '../shared/for-each.js';
import { quantile } from '../shared/statistics.js';
import type { Latency } from './figures.js';
import { payload, type Payload } from './payload.js';

/** Publishes messages of these numbers; resolves with the id of the last one. */
export async function publishAll(
  publish: (payload: Payload) => Promise<string>,
  numbers: readonly number[],
  inFlight: number,
): Promise<string> {
  let last = '';
  await forEach(numbers, inFlight, async (n, i) => {
    const id = await publish(payload(n));
    if (i === numbers.length - 1) last = id;
  });
  return last;
}

/** Takes the time from each publishing to each arrival. */
export class Stopwatch {
  private startedAt = 0;
  private readonly laps: number[] = [];

  start(): void {
    this.startedAt = performance.now();
  }

  lap(): void {
    this.laps.push(performance.now() - this.startedAt);
  }

  get latency(): Latency {
    return { medianMs: quantile(this.laps, 0.5), p99Ms: quantile(this.laps, 0.99) };
  }
}
