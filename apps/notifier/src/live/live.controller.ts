import { Controller, Inject, type OnModuleDestroy } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { LRUCache } from 'lru-cache';
import { Fanout, LIVE_PATTERN, type LiveEvent } from 'redis-fanout';
import { ChannelEventPattern, RedisPubSubServer, type SubscriptionGap } from 'redis-streams-transport';
import { LOGGER, Readiness, type ServiceLogger } from 'service-host';
import type { Subscription } from 'rxjs';

import { ConnectedReaders } from '../presence/connected-readers.js';
import { Connections } from '../stream/connections.js';
import { formatEvent } from '../stream/sse.js';

/** Tells a reader to look at their timeline, as something may have been missed. */
const RESYNC = formatEvent({ event: 'resync', data: {} });
/** Posts of which it is remembered that they were shown: one that is delivered again is not shown again. */
const REMEMBERED_POSTS = 10_000;

/** Passes on what enters the timelines of the readers connected here. */
@Controller()
export class LiveController implements OnModuleDestroy {
  /** The event with which each was shown. */
  private readonly shown = new LRUCache<string, string>({ max: REMEMBERED_POSTS });
  private readonly losses: Subscription;

  constructor(
    private readonly fanout: Fanout,
    private readonly connections: Connections,
    private readonly presence: ConnectedReaders,
    @Inject(LOGGER) private readonly logger: ServiceLogger,
    live: RedisPubSubServer,
    readiness: Readiness,
  ) {
    readiness.add('subscriptions', () => {
      if (!live.isReady) throw new Error('not subscribed to what enters the timelines');
    });
    this.losses = live.gaps.subscribe((gap) => void this.closeGap(gap));
    this.losses.add(
      presence.forgotten.subscribe(() => {
        this.resync('this instance was taken for dead');
      }),
    );
  }

  /** Events of one partition come one at a time, in the order in which they entered the timelines. */
  @ChannelEventPattern(LIVE_PATTERN)
  async pass(@Payload() event: LiveEvent): Promise<void> {
    const text = await this.textOf(event).catch((err: unknown) => {
      this.logger.warn(
        { err, event: event.event },
        'a post could not be looked up: its readers are told to resync',
      );
      return RESYNC;
    });
    if (text === undefined) return;
    for (const reader of event.readers) this.connections.send(reader, text);
  }

  onModuleDestroy(): void {
    this.losses.unsubscribe();
  }

  private async textOf({ event, kind, id }: LiveEvent): Promise<string | undefined> {
    if (kind === 'deleted') return formatEvent({ id: event, event: 'deleted', data: { id } });
    // The same post comes once for each partition, with other readers; where these are many, in several messages.
    const key = `${event.split('-')[0] ?? ''} ${id}`;
    if (kind === 'published' && (this.shown.get(key) ?? event) !== event) return undefined;
    const [post] = await this.fanout.posts.lookUp([id]);
    if (post === undefined || post === 'deleted') return undefined;
    if (kind === 'published') this.shown.set(key, event);
    return formatEvent({ id: event, event: kind === 'published' ? 'post' : 'edited', data: post });
  }

  /** What was missed is not known: the readers are told to look at their timelines. */
  private async closeGap(gap: SubscriptionGap): Promise<void> {
    await this.presence.restore();
    this.resync(gap.reason);
  }

  private resync(reason: string): void {
    this.logger.warn({ reason }, 'events may have been missed: connected readers are told to resync');
    this.connections.broadcast(RESYNC);
  }
}
