import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Fanout, PresenceKeeper } from 'redis-fanout';
import { Observable, Subject } from 'rxjs';
import { LOGGER, type ServiceLogger, SETTINGS } from 'service-host';

import type { Config } from '../config.js';

/** Says in Redis which readers are connected here, and that this instance lives. */
@Injectable()
export class ConnectedReaders implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly keeper: PresenceKeeper;
  private readonly forgottenSubject = new Subject<void>();

  constructor(fanout: Fanout, @Inject(SETTINGS) config: Config, @Inject(LOGGER) logger: ServiceLogger) {
    this.keeper = new PresenceKeeper(fanout.presence, config.notifier, {
      forgotten: () => {
        this.forgottenSubject.next();
      },
      failed: (err) => {
        logger.warn({ err }, 'the connected readers, or this instance, could not be noted');
      },
    });
  }

  /** Each time that this instance was taken for dead although it lives: what was delivered meanwhile was not told. */
  get forgotten(): Observable<void> {
    return this.forgottenSubject.asObservable();
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.keeper.start();
  }

  onModuleDestroy(): void {
    this.keeper.stop();
  }

  /** Resolves when deliveries that begin from now on are told for the reader. */
  async attach(reader: string): Promise<void> {
    await this.keeper.attach(reader);
  }

  async detach(reader: string): Promise<void> {
    await this.keeper.detach(reader);
  }

  /** Says everything again, as Redis may have lost it. */
  async restore(): Promise<void> {
    await this.keeper.restore();
  }
}
