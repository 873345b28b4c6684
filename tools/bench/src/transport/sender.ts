import { setImmediate as nextTurn } from 'node:timers/promises';

import { nowMs } from '../shared/clock.js';
import type { Span } from './calls.js';
import type { Producer } from './contestants/transport.js';
import { eventOf, type MeasuredEvent } from './event.js';
import { BATCH, UNDER_WAY } from './plan.js';

/** Before the first event is due. */
const LEAD_MS = 20;
/** The longest that the thread sleeps while it waits for the next event to be due: answers of Redis wait as long. */
const NAP_MS = 1;

/** Sends numbered events by a producer. */
export class Sender {
  private last = 0;
  private readonly bell = new Int32Array(new SharedArrayBuffer(4));

  constructor(private readonly producer: Producer) {}

  /** Sends one batch after the other. */
  async sendInBatches(count: number): Promise<Span> {
    const fromMs = nowMs();
    for (const end = this.last + count; this.last < end;) {
      const size = Math.min(BATCH, end - this.last);
      await this.producer.sendBatch(Array.from({ length: size }, () => this.next()));
    }
    return { fromMs, toMs: nowMs() };
  }

  /** Sends one event each time that Redis has one, with `UNDER_WAY` of them under way. */
  async sendOneByOne(count: number): Promise<Span> {
    const fromMs = nowMs();
    const end = this.last + count;
    const send = async (): Promise<void> => {
      while (this.last < end) await this.producer.send(this.next());
    };
    await Promise.all(Array.from({ length: Math.min(UNDER_WAY, count) }, send));
    return { fromMs, toMs: nowMs() };
  }

  /** Sends events when they are due, whatever has become of those before. Resolves when Redis has all. */
  async sendSteadily(count: number, rate: number): Promise<void> {
    const startMs = nowMs() + LEAD_MS;
    const sent: Promise<unknown>[] = [];
    for (let i = 0; i < count; i++) {
      const dueMs = startMs + (i * 1000) / rate;
      const event = this.next(dueMs);
      await this.untilDue(dueMs);
      sent.push(this.producer.send(event));
    }
    await Promise.all(sent);
  }

  /** A timer would be late by up to a millisecond, and to turn in circles would take the core from the others. */
  private async untilDue(dueMs: number): Promise<void> {
    for (let leftMs = dueMs - nowMs(); leftMs > 0; leftMs = dueMs - nowMs()) {
      await nextTurn();
      Atomics.wait(this.bell, 0, 0, Math.max(0, Math.min(NAP_MS, dueMs - nowMs())));
    }
  }

  private next(dueMs = 0): MeasuredEvent {
    return eventOf(++this.last, dueMs);
  }
}
