import { Controller, Inject, type OnModuleDestroy } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { LRUCache } from 'lru-cache';
import { Fanout, LIVE_PATTERN, type LiveEvent } from 'redis-fanout';
import { ChannelEventPattern, RedisPubSubServer, type SubscriptionGap } from 'redis-streams-transport';
import { LOGGER, Readiness, type ServiceLogger } from 'service-host';
import type { Subscription } from 'rxjs';

import { PresenceKeeper } from '../presence/presence-keeper.js';
import { Connections } from '../stream/connections.js';
import { formatEvent } from '../stream/sse.js';

/** Posts of which it is remembered that they were shown: one that is delivered again is not shown again. */
const REMEMBERED_POSTS = 10_000;

/** Passes on what enters the timelines of the readers connected here. */
@Controller()
export class LiveController implements OnModuleDestroy {
  private readonly shown = new LRUCache<string, true>({ max: REMEMBERED_POSTS });
  private readonly gaps: Subscription;

  constructor(
    private readonly fanout: Fanout,
    private readonly connections: Connections,
    private readonly presence: PresenceKeeper,
    @Inject(LOGGER) private readonly logger: ServiceLogger,
    live: RedisPubSubServer,
    readiness: Readiness,
  ) {
    readiness.add('subscriptions', () => {
      if (!live.isReady) throw new Error('not subscribed to what enters the timelines');
    });
    this.gaps = live.gaps.subscribe((gap) => void this.closeGap(gap));
  }

  /** Events of one partition come one at a time, in the order in which they entered the timelines. */
  @ChannelEventPattern(LIVE_PATTERN)
  async pass(@Payload() event: LiveEvent): Promise<void> {
    const text = await this.textOf(event);
    if (text === undefined) return;
    for (const reader of event.readers) this.connections.send(reader, text);
  }

  onModuleDestroy(): void {
    this.gaps.unsubscribe();
  }

  private async textOf({ event, kind, id }: LiveEvent): Promise<string | undefined> {
    if (kind === 'deleted') return formatEvent({ id: event, event: 'deleted', data: { id } });
    // The same post comes once for each partition, with other readers.
    const key = `${event.split('-')[0] ?? ''} ${id}`;
    if (kind === 'published' && this.shown.has(key)) return undefined;
    const [post] = await this.fanout.posts.lookUp([id]);
    if (post === undefined || post === 'deleted') return undefined;
    if (kind === 'published') this.shown.set(key, true);
    return formatEvent({ id: event, event: kind === 'published' ? 'post' : 'edited', data: post });
  }

  /** What was missed is not known: the readers are told to look at their timelines. */
  private async closeGap(gap: SubscriptionGap): Promise<void> {
    this.logger.warn({ gap }, 'events may have been missed: connected readers are told to resync');
    await this.presence.restore();
    this.connections.broadcast(formatEvent({ event: 'resync', data: {} }));
  }
}
