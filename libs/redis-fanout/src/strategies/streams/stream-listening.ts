import type { Channels } from '../../redis/channels.js';
import type { Keys } from '../../keys.js';
import { takeInTurn } from './take-in-turn.js';

/** What is told on channels may be lost, so all streams are looked at so often. */
const MAX_LOOK_MS = 5000;

/** A stream that a listener reads. */
interface Heard {
  /** Whether there may be something to take. */
  waiting: boolean;
  /** Whether news of it are told. */
  isTold: boolean;
  stop: () => void;
}

/** Knows which of a recipient's streams may have something for it, from what is told on channels. */
export class StreamListening {
  private readonly heard = new Map<string, Heard>();
  private stopHearing: () => void = () => undefined;
  /** When the subscriptions are to be looked up again. */
  private lookAtMs = 0;
  private readonly lookMs: number;
  private closed = false;
  private turn = 0;

  constructor(
    private readonly recipient: string,
    private readonly keys: Keys,
    private readonly channels: Channels,
    private readonly sourcesOf: (recipient: string) => Promise<readonly string[]>,
    private readonly wake: () => void,
    leaseMs: number,
  ) {
    // Nobody tells that a lease is over.
    this.lookMs = Math.min(MAX_LOOK_MS, leaseMs);
  }

  /** Begins to hear of changes of the recipient's subscriptions. @throws StorageUnavailableError */
  async open(): Promise<void> {
    const changed = (): void => {
      this.lookAtMs = 0;
      this.wake();
    };
    const channel = this.keys.subscriptionsWake(this.recipient);
    this.stopHearing = await this.channels.subscribe('sharded', channel, { message: changed, gap: changed });
  }

  /** Takes from the sources that may have something, each in its turn. */
  async take<T>(
    limit: number,
    takeFrom: (source: string, limit: number) => Promise<readonly T[]>,
  ): Promise<T[]> {
    return takeInTurn(await this.waiting(), this.turn++, limit, async (source, wanted) => {
      // What is told from now on is news.
      this.mark(source, false);
      try {
        const some = await takeFrom(source, wanted);
        if (some.length === wanted) this.mark(source, true);
        return some;
      } catch (error) {
        this.mark(source, true);
        throw error;
      }
    });
  }

  close(): void {
    this.closed = true;
    this.stopHearing();
    for (const { stop } of this.heard.values()) stop();
    this.heard.clear();
  }

  /** The sources that may have something; all of them now and then. */
  private async waiting(): Promise<string[]> {
    if (performance.now() >= this.lookAtMs) {
      this.lookAtMs = performance.now() + this.lookMs;
      await this.look().catch((error: unknown) => {
        this.lookAtMs = 0;
        throw error;
      });
    }
    return [...this.heard].filter(([, { waiting }]) => waiting).map(([source]) => source);
  }

  private mark(source: string, waiting: boolean): void {
    const heard = this.heard.get(source);
    if (heard !== undefined) heard.waiting = waiting;
  }

  private async look(): Promise<void> {
    const sources = new Set(await this.sourcesOf(this.recipient));
    for (const [source, { stop }] of this.heard) {
      if (sources.has(source)) continue;
      stop();
      this.heard.delete(source);
    }
    await Promise.all([...sources].map(async (source) => this.hear(source)));
  }

  private async hear(source: string): Promise<void> {
    const heard = this.heard.get(source) ?? { waiting: true, stop: () => undefined, isTold: false };
    this.heard.set(source, heard);
    heard.waiting = true;
    if (heard.isTold) return;
    const news = (): void => {
      this.mark(source, true);
      this.wake();
    };
    try {
      const stop = await this.channels.subscribe('sharded', this.keys.streamWake(source), {
        message: news,
        gap: news,
      });
      heard.isTold = true;
      heard.stop = stop;
      if (this.closed || this.heard.get(source) !== heard) stop();
    } catch {
      // Until the next look it is not told of news, and takes what it finds then.
    }
  }
}
