import { reportError } from '../report-error.js';
import type { Gap, Listening, ListenOptions, Message, MessageHandler } from './fanout-strategy.js';

/** Messages that wait for the handler at most. */
export const MAX_QUEUED = 10_000;

/**
 * Hands what comes in to a handler, one message at a time. The queue before the handler is bounded: what does not fit is
 * dropped, and told as a gap once the handler has caught up.
 */
export class LiveListener<Payload> implements Listening {
  private waiting: Message<Payload>[] = [];
  private running: Promise<void> | undefined;
  private droppingSinceMs: number | undefined;
  private closed = false;

  constructor(
    private readonly handler: MessageHandler<Payload>,
    private readonly options: ListenOptions,
  ) {}

  push(message: Message<Payload>): void {
    if (this.closed) return;
    if (this.waiting.length >= MAX_QUEUED) {
      this.droppingSinceMs ??= Date.now();
      return;
    }
    this.waiting.push(message);
    this.running ??= this.run();
  }

  /** Tells of a time in which messages may have been missed. */
  tellGap(gap: Gap): void {
    if (!this.closed) this.options.onGap?.(gap);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.waiting = [];
    await this.running;
  }

  private async run(): Promise<void> {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      await this.handle(next);
    }
    this.running = undefined;
    const sinceMs = this.droppingSinceMs;
    this.droppingSinceMs = undefined;
    if (sinceMs !== undefined) this.tellGap({ sinceMs, reason: 'the handler was too slow' });
  }

  private async handle(message: Message<Payload>): Promise<void> {
    try {
      await this.handler(message);
    } catch (error) {
      reportError(this.options, error);
    }
  }
}
