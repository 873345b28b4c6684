import type { NotifierState } from '../lua/renew-notifier.js';
import { NOTIFIER_LIFETIME_MS, type Presence } from './presence.js';

/** What a keeper has to tell. */
export interface PresenceKeeperListener {
  /**
   * This notifier was taken for dead although it lives (it was stopped for a while, or out of touch), or may have been:
   * what is delivered may not be told to it, until it is `restored`.
   */
  forgotten(): void;
  /** It is known again, with all its readers: what is delivered from then on is told to it. */
  restored(): void;
  /** How this notifier stands in each partition, now and then. */
  renewed(states: readonly NotifierState[]): void;
  /** Redis did not serve; it is tried again. */
  failed(error: unknown): void;
}

/** Readers that are attached at once. */
const MAX_READERS = 1000;

/** Keeps one notifier, and the readers that are connected to it, known in Redis. */
export class PresenceKeeper {
  private readonly wanted = new Set<string>();
  private readonly attached = new Set<string>();
  private readonly changes = new Map<string, Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  /** Of each partition, as this notifier knows it. */
  private epochs: readonly string[] = [];
  /** Set from when it was seen that this notifier is not known, until it is again with all its readers. */
  private isForgotten = false;
  private stopped = false;

  constructor(
    private readonly presence: Presence,
    /** The name under which deliveries are told to it. */
    readonly notifier: string,
    private readonly listener: PresenceKeeperListener,
  ) {}

  /** Says that the notifier lives, now and from now on. @throws StorageUnavailableError */
  async start(): Promise<void> {
    this.noteEpochs(await this.presence.renew(this.notifier));
    clearInterval(this.timer);
    if (!this.stopped) this.timer = setInterval(() => void this.renew(), NOTIFIER_LIFETIME_MS / 3);
  }

  /** Says nothing more; within `NOTIFIER_LIFETIME_MS` the notifier is forgotten with its readers. */
  stop(): void {
    this.stopped = true;
    clearInterval(this.timer);
  }

  /** Resolves when deliveries that begin from now on are told for the reader. @throws StorageUnavailableError */
  async attach(reader: string): Promise<void> {
    this.wanted.add(reader);
    await this.change(reader);
  }

  /** Where it fails the notifier is told in vain, until it is forgotten. */
  async detach(reader: string): Promise<void> {
    this.wanted.delete(reader);
    try {
      await this.change(reader);
    } catch (error) {
      this.listener.failed(error);
    }
  }

  /**
   * Says everything again, as Redis may have lost it, or taken this notifier for dead. Where that fails it is told as
   * `forgotten`, and tried again.
   */
  async restore(): Promise<void> {
    try {
      await this.attachAll();
    } catch (error) {
      this.setForgotten();
      this.listener.failed(error);
    }
  }

  private async renew(): Promise<void> {
    try {
      const states = await this.presence.renew(this.notifier);
      // Also where an answer got lost by which that would have been known.
      if (states.some(({ epoch }, i) => epoch !== this.epochs[i])) this.setForgotten();
      if (this.isForgotten) await this.attachAll();
      else this.listener.renewed(states);
      await this.detachLeft();
    } catch (error) {
      this.listener.failed(error);
    }
  }

  private async attachAll(): Promise<void> {
    this.noteEpochs(await this.presence.renew(this.notifier));
    const readers = [...this.attached];
    for (let from = 0; from < readers.length; from += MAX_READERS) {
      // Some may have left meanwhile.
      const part = readers.slice(from, from + MAX_READERS).filter((reader) => this.wanted.has(reader));
      await this.presence.attach(this.notifier, part);
    }
    if (!this.isForgotten) return;
    this.isForgotten = false;
    this.listener.restored();
  }

  private setForgotten(): void {
    if (this.isForgotten) return;
    this.isForgotten = true;
    this.listener.forgotten();
  }

  private noteEpochs(states: readonly NotifierState[]): void {
    this.epochs = states.map(({ epoch }) => epoch);
  }

  /** Readers of whom it could not be said that they left. */
  private async detachLeft(): Promise<void> {
    const left = [...this.attached].filter((reader) => !this.wanted.has(reader));
    for (const reader of left) await this.change(reader);
  }

  /** Changes of one reader happen one after the other, so that the last one wins. */
  private async change(reader: string): Promise<void> {
    const before = this.changes.get(reader) ?? Promise.resolve();
    const change = before.catch(() => undefined).then(async () => this.apply(reader));
    this.changes.set(reader, change);
    try {
      await change;
    } finally {
      if (this.changes.get(reader) === change) this.changes.delete(reader);
    }
  }

  private async apply(reader: string): Promise<void> {
    if (this.wanted.has(reader) && !this.attached.has(reader)) {
      await this.presence.attach(this.notifier, [reader]);
      this.attached.add(reader);
    } else if (!this.wanted.has(reader) && this.attached.has(reader)) {
      await this.presence.detach(this.notifier, [reader]);
      this.attached.delete(reader);
    }
  }
}
