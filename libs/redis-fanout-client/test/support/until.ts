import { setTimeout as delay } from 'node:timers/promises';

/** Waits until a condition holds, whatever a test does to the clock on the wall. */
export async function until(condition: () => unknown, what: string, timeoutMs = 30_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await delay(2);
  }
}
