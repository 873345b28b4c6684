import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Fanout, NOTIFIER_LIFETIME_MS } from 'redis-fanout';
import { Observable, Subject } from 'rxjs';
import { LOGGER, type ServiceLogger, SETTINGS } from 'service-host';

import type { Config } from '../config.js';

/** Says in Redis which readers are connected here, and that this instance lives. */
@Injectable()
export class PresenceKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly wanted = new Set<string>();
  private readonly attached = new Set<string>();
  private readonly changes = new Map<string, Promise<void>>();
  private readonly forgottenSubject = new Subject<void>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly fanout: Fanout,
    @Inject(SETTINGS) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: ServiceLogger,
  ) {}

  /**
   * Each time that this instance was taken for dead although it lives (it was stopped for a while, or out of touch):
   * what was delivered meanwhile was not told.
   */
  get forgotten(): Observable<void> {
    return this.forgottenSubject.asObservable();
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.fanout.presence.renew(this.config.notifier);
    this.timer = setInterval(() => void this.renew(), NOTIFIER_LIFETIME_MS / 3);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Resolves when deliveries that begin from now on are told for the reader. */
  async attach(reader: string): Promise<void> {
    this.wanted.add(reader);
    await this.change(reader);
  }

  /** A failure is logged: then this instance is told for nothing until it ends. */
  async detach(reader: string): Promise<void> {
    this.wanted.delete(reader);
    try {
      await this.change(reader);
    } catch (err) {
      this.logger.warn({ err, reader }, 'a reader could not be detached');
    }
  }

  /** Says everything again, as Redis may have lost it, or taken this instance for dead. */
  async restore(): Promise<void> {
    try {
      await this.fanout.presence.renew(this.config.notifier);
      await this.fanout.presence.attach(this.config.notifier, [...this.attached]);
    } catch (err) {
      this.logger.warn({ err }, 'the connected readers could not be noted again');
    }
  }

  private async renew(): Promise<void> {
    try {
      if (await this.fanout.presence.renew(this.config.notifier)) return;
      await this.restore();
      this.forgottenSubject.next();
    } catch (err) {
      this.logger.warn({ err }, 'this instance could not be noted as alive');
    }
  }

  /** Changes of one reader happen one after the other, so that the last one wins. */
  private async change(reader: string): Promise<void> {
    const before = this.changes.get(reader) ?? Promise.resolve();
    const change = before.catch(() => undefined).then(() => this.apply(reader));
    this.changes.set(reader, change);
    try {
      await change;
    } finally {
      if (this.changes.get(reader) === change) this.changes.delete(reader);
    }
  }

  private async apply(reader: string): Promise<void> {
    const { presence } = this.fanout;
    if (this.wanted.has(reader) && !this.attached.has(reader)) {
      await presence.attach(this.config.notifier, [reader]);
      this.attached.add(reader);
    } else if (!this.wanted.has(reader) && this.attached.has(reader)) {
      await presence.detach(this.config.notifier, [reader]);
      this.attached.delete(reader);
    }
  }
}
