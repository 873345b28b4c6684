import type { NotifierState } from '../lua/renew-notifier.js';
import { NOTIFIER_LIFETIME_MS, type Presence } from './presence.js';

/** What a keeper has to tell. */
export interface PresenceKeeperListener {
  /**
   * This notifier was taken for dead although it lives (it was stopped for a while, or out of touch): what was delivered
   * since then was not told to it. It is known again.
   */
  forgotten(sinceMs: number): void;
  /** How this notifier stands in each partition, now and then. */
  renewed(states: readonly NotifierState[]): void;
  /** Redis did not serve; it is tried again. */
  failed(error: unknown): void;
}

/** Keeps one notifier, and the readers that are connected to it, known in Redis. */
export class PresenceKeeper {
  private readonly wanted = new Set<string>();
  private readonly attached = new Set<string>();
  private readonly changes = new Map<string, Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private renewedAtMs = Date.now();
  /** Since when this notifier was not known, until it is again with all its readers. */
  private unknownSinceMs: number | undefined;
  private stopped = false;

  constructor(
    private readonly presence: Presence,
    /** The name under which deliveries are told to it. */
    readonly notifier: string,
    private readonly listener: PresenceKeeperListener,
  ) {}

  /** Says that the notifier lives, now and from now on. @throws StorageUnavailableError */
  async start(): Promise<void> {
    await this.presence.renew(this.notifier);
    this.renewedAtMs = Date.now();
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
   * Says everything again, as Redis may have lost it, or taken this notifier for dead. Where that fails it is tried again,
   * and then told as `forgotten`.
   */
  async restore(): Promise<void> {
    try {
      await this.attachAll();
    } catch (error) {
      this.unknownSinceMs ??= this.renewedAtMs;
      this.listener.failed(error);
    }
  }

  private async renew(): Promise<void> {
    const sinceMs = this.renewedAtMs;
    try {
      const states = await this.presence.renew(this.notifier);
      this.renewedAtMs = Date.now();
      if (!states.every(({ known }) => known)) this.unknownSinceMs ??= sinceMs;
      if (this.unknownSinceMs === undefined) {
        this.listener.renewed(states);
        return;
      }
      await this.attachAll();
      const unknownSinceMs = this.unknownSinceMs;
      this.unknownSinceMs = undefined;
      this.listener.forgotten(unknownSinceMs);
    } catch (error) {
      this.listener.failed(error);
    }
  }

  private async attachAll(): Promise<void> {
    await this.presence.renew(this.notifier);
    await this.presence.attach(this.notifier, [...this.attached]);
    this.renewedAtMs = Date.now();
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
