import { setTimeout as delay } from 'node:timers/promises';

import { reportError } from '../report-error.js';
import { Wakeable } from '../wakeable.js';
import type { Listening, ListenOptions, Message, MessageHandler } from './fanout-strategy.js';

/** Where a listener takes its messages. */
export interface TakingSource<Payload> {
  take(limit: number): Promise<readonly Message<Payload>[]>;
  /** Begins the leases of messages anew. */
  renew(messages: readonly Message<Payload>[]): Promise<unknown>;
  /** Lets others take messages that were taken and not begun; that they were taken was no attempt. */
  giveBack(messages: readonly Message<Payload>[]): Promise<unknown>;
}

/** Work that is taken at once should take about so long: little is held back from the other listeners. */
const AIM_MS = 100;
const MAX_TAKEN = 100;
/** Being woken is not relied upon. */
const POLL_MS = 5000;
const MAX_BACKOFF_MS = 1000;

/**
 * Takes the messages of a recipient and hands them to a handler, one at a time. It looks when it is woken, and now and
 * then by itself: for messages whose lease is over nobody wakes it, and a call to wake may be lost.
 */
export class TakingListener<Payload> implements Listening {
  private closed = false;
  private readonly wakeable = new Wakeable();
  private limit = 1;
  private failures = 0;
  private readonly running: Promise<void>;

  constructor(
    private readonly source: TakingSource<Payload>,
    private readonly handler: MessageHandler<Payload>,
    private readonly leaseMs: number,
    private readonly options: ListenOptions,
  ) {
    this.running = this.run();
  }

  /** Says that there may be something to take. */
  wake(): void {
    this.wakeable.wake();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.wakeable.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.closed) {
      this.wakeable.begin();
      const messages = await this.take();
      if (messages.length > 0) await this.handleAll(messages);
      else await this.sleep();
    }
  }

  private async take(): Promise<readonly Message<Payload>[]> {
    try {
      const messages = await this.source.take(this.limit);
      this.failures = 0;
      return messages;
    } catch (error) {
      // Of a long trouble once.
      if (this.failures++ === 0) reportError(this.options, error);
      return [];
    }
  }

  private async handleAll(messages: readonly Message<Payload>[]): Promise<void> {
    const open = new Set(messages);
    const renewal = setInterval(() => {
      // A renewal that fails is made up for by the next, or the message comes again.
      this.source.renew([...open]).catch(() => undefined);
    }, this.leaseMs / 3);
    const startedAt = performance.now();
    for (const message of messages) {
      if (this.closed) break;
      await this.handle(message);
      open.delete(message);
    }
    clearInterval(renewal);
    this.adaptLimit((performance.now() - startedAt) / messages.length);
    // Others need not wait for the leases of what was taken and not begun.
    if (open.size > 0) await this.source.giveBack([...open]).catch(() => undefined);
  }

  private async handle(message: Message<Payload>): Promise<void> {
    try {
      await this.handler(message);
    } catch (error) {
      reportError(this.options, error);
    }
  }

  private adaptLimit(msPerMessage: number): void {
    const affordable = Math.floor(AIM_MS / Math.max(msPerMessage, 0.01));
    this.limit = Math.max(1, Math.min(MAX_TAKEN, affordable, 2 * this.limit));
  }

  private async sleep(): Promise<void> {
    if (this.failures > 0) {
      await delay(Math.min(20 * 2 ** this.failures, MAX_BACKOFF_MS));
    } else if (!this.closed) {
      await this.wakeable.sleep(Math.min(POLL_MS, this.leaseMs));
    }
  }
}
