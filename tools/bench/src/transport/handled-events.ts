import { nowMs } from '../shared/clock.js';
import { type Order, Receipts } from '../shared/receipts.js';
import type { Handled } from './calls.js';
import type { MeasuredEvent } from './event.js';
import { MISSING_AFTER_MS } from './plan.js';

/** What the handler of a contestant was called with. */
export class HandledEvents {
  private readonly receipts = new Receipts(1);
  private latenciesMs: number[] = [];
  private lastAtMs = 0;

  /** What every handler does, and nothing else. */
  readonly add = ({ n, dueMs }: MeasuredEvent): void => {
    this.lastAtMs = nowMs();
    if (dueMs > 0) this.latenciesMs.push(this.lastAtMs - dueMs);
    this.receipts.add(0, n);
  };

  /** Resolves when so many were handled in all. Latencies are told once. */
  async until(count: number): Promise<Handled> {
    await this.receipts.until(count, MISSING_AFTER_MS);
    const { lastAtMs: atMs, latenciesMs } = this;
    this.latenciesMs = [];
    return { atMs, latenciesMs };
  }

  /** @throws Error unless each event up to this number was handled once, in this order where it is said */
  check(count: number, order: Order): void {
    const numbers = Array.from({ length: count }, (_, i) => i + 1);
    this.receipts.check(numbers, order);
  }
}
