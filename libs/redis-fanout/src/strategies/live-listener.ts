import { reportError } from '../report-error.js';
import type { Gap, Listening, ListenOptions, Message, MessageHandler } from './fanout-strategy.js';

/** Messages that wait for the handler at most. */
export const MAX_QUEUED = 10_000;

/** What waits for the handler: a message, or a gap in the place of what was dropped. */
type Queued<Payload> = { readonly message: Message<Payload> } | { readonly gap: Gap };

/**
 * Hands what comes in to a handler, one message at a time. The queue before the handler is bounded: what does not fit is
 * dropped, and told as a gap when the handler has come to its place.
 */
export class LiveListener<Payload> implements Listening {
  private waiting: Queued<Payload>[] = [];
  private running: Promise<void> | undefined;
  private closed = false;

  constructor(
    private readonly handler: MessageHandler<Payload>,
    private readonly options: ListenOptions,
  ) {}

  push(message: Message<Payload>): void {
    if (this.closed) return;
    if (this.waiting.length < MAX_QUEUED) {
      this.enqueue({ message });
    } else if ('message' in (this.waiting.at(-1) ?? {})) {
      // Nothing before the first one that was dropped is missing.
      this.enqueue({ gap: { sinceMs: message.publishedAtMs, reason: 'the handler was too slow' } });
    }
  }

  /** Tells of a time in which messages may have been missed. */
  tellGap(gap: Gap): void {
    if (this.closed) return;
    try {
      this.options.onGap?.(gap);
    } catch (error) {
      reportError(this.options, error);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    this.waiting = [];
    await this.running;
  }

  private enqueue(queued: Queued<Payload>): void {
    this.waiting.push(queued);
    this.running ??= this.run();
  }

  private async run(): Promise<void> {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      if ('gap' in next) this.tellGap(next.gap);
      else await this.handle(next.message);
    }
    this.running = undefined;
  }

  private async handle(message: Message<Payload>): Promise<void> {
    try {
      await this.handler(message);
    } catch (error) {
      reportError(this.options, error);
    }
  }
}
