import type { Gap, Listening } from '../strategies/fanout-strategy.js';
import { Multimap } from './multimap.js';

/** What everything live goes over: the connections to the broker, which are lost and mended all at once. */
export class Line {
  private readonly ends = new Set<(gap: Gap) => void>();
  private interruptions = 0;
  private sinceMs = 0;

  get isUp(): boolean {
    return this.interruptions === 0;
  }

  /** Has an end told when the line is up again; answers the way out. */
  attach(restored: (gap: Gap) => void): () => void {
    const end = (gap: Gap): void => {
      restored(gap);
    };
    this.ends.add(end);
    return () => {
      this.ends.delete(end);
    };
  }

  async interrupt(during: () => Promise<void>): Promise<void> {
    if (this.isUp) this.sinceMs = Date.now();
    this.interruptions++;
    try {
      await during();
    } finally {
      this.interruptions--;
      if (this.isUp) this.tellAll({ sinceMs: this.sinceMs, reason: 'the connection was interrupted' });
    }
  }

  private tellAll(gap: Gap): void {
    for (const end of [...this.ends]) end(gap);
  }
}

/** Who listens, by recipient. While the line is interrupted they hear nothing, or afterwards, where it is kept for them. */
export class Audience<Listener> {
  private readonly listeners = new Multimap<Listener>();
  private missed: (() => void)[] = [];

  constructor(
    private readonly line: Line,
    private readonly keeps = false,
  ) {
    line.attach(() => {
      for (const tell of this.missed.splice(0)) tell();
    });
  }

  /** Adds a listener; closing what this answers takes it out and closes it. */
  add(
    recipient: string,
    listener: Listener,
    ends: { readonly closed: () => Promise<void>; readonly restored: (gap: Gap) => void },
  ): Listening {
    this.listeners.add(recipient, listener);
    const detach = this.line.attach(ends.restored);
    return {
      close: async () => {
        detach();
        this.listeners.delete(recipient, listener);
        await ends.closed();
      },
    };
  }

  /** Whether anybody would hear what a recipient is told now. */
  hears(recipient: string): boolean {
    return this.line.isUp && this.listeners.has(recipient);
  }

  /** Tells who listens at this moment. Not within this call: a handler may publish in its turn, which is to come after. */
  tell(recipient: string, tell: (listener: Listener) => void): void {
    const listeners = this.listeners.get(recipient);
    const tellAll = (): void => {
      void Promise.resolve().then(() => {
        listeners.forEach(tell);
      });
    };
    if (this.line.isUp) tellAll();
    else if (this.keeps) this.missed.push(tellAll);
  }
}
