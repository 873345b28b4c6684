import { Controller, Inject, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { LIVE_PATTERN, type LiveEvent, LiveHub } from 'redis-fanout';
import { ChannelEventPattern, RedisPubSubServer } from 'redis-streams-transport';
import { LOGGER, Readiness, type ServiceLogger } from 'service-host';
import type { Subscription } from 'rxjs';

/** Hands what this instance is told to the hub, and tells it when something may be missing. */
@Controller()
export class LiveController implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly losses: Subscription;

  constructor(
    private readonly hub: LiveHub,
    @Inject(LOGGER) logger: ServiceLogger,
    live: RedisPubSubServer,
    readiness: Readiness,
  ) {
    readiness.add('subscriptions', () => {
      if (!live.isReady) throw new Error('not subscribed to what happens');
    });
    this.losses = live.gaps.subscribe(({ reason }) => {
      logger.warn({ reason }, 'events may have been missed: they are read from the history');
      void hub.lose();
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.hub.start();
  }

  /** Events of one partition come in the order in which they happened. */
  @ChannelEventPattern(LIVE_PATTERN)
  hear(@Payload() event: LiveEvent): void {
    this.hub.hear(event);
  }

  async onModuleDestroy(): Promise<void> {
    this.losses.unsubscribe();
    await this.hub.close();
  }
}
