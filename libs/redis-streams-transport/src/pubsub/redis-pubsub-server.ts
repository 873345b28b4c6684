import { Logger } from '@nestjs/common';
import { type CustomTransportStrategy } from '@nestjs/microservices';
import { filter, firstValueFrom, map, type Observable, Subject } from 'rxjs';

import { errorText, UnsupportedOperationError } from '../errors.js';
import { EventServer } from '../event-server.js';
import { type RedisClient } from '../redis/redis-client.js';
import { backoffMs, settlesWithin, sleep } from '../timing.js';
import { decodeMessage } from './message.js';
import { MessageQueue } from './message-queue.js';
import { type PubSubSettings, type RedisPubSubServerOptions, toPubSubSettings } from './pubsub-options.js';
import { RedisPubSubContext } from './redis-pubsub-context.js';
import { Subscription } from './subscription.js';

/** Names this transport in `@EventPattern(pattern, REDIS_PUBSUB)`, where an app has several. */
export const REDIS_PUBSUB = Symbol('redis-pubsub');

export type RedisPubSubStatus = 'subscribed' | 'disconnected';

/** Messages may be missing. Reported when new ones arrive again, so what is read from a history then closes the gap. */
export interface SubscriptionGap {
  /** `lost`: the subscriptions were; `overflow`: the handlers were too slow, and messages were dropped. */
  readonly cause: 'lost' | 'overflow';
  readonly channels: readonly string[];
  /** Why, for a log. */
  readonly reason: string;
  /** Nothing published before this time is missing, in milliseconds since 1970 by the clock of this process. */
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Receives messages of sharded Pub/Sub, at most once: the fast path, which a history has to stand behind. A handler
 * (`@EventPattern`) gets the data of one message; those of one channel come one at a time, in the order of publishing.
 * Failures of handlers are logged only. After any loss all subscriptions are opened anew, and a gap is reported.
 */
export class RedisPubSubServer extends EventServer<RedisPubSubStatus> implements CustomTransportStrategy {
  override readonly transportId = REDIS_PUBSUB;
  protected override readonly logger = new Logger(RedisPubSubServer.name);
  private readonly client: RedisClient;
  private readonly settings: PubSubSettings;
  private readonly gapSubject = new Subject<SubscriptionGap>();
  private readonly queues = new Map<string, MessageQueue>();
  private stopping: AbortController | undefined;
  private subscription: Subscription | undefined;
  private running: Promise<void> = Promise.resolve();
  private subscribed = false;

  /** Throws InvalidOptionError. Opens no connection before `listen`. */
  constructor(options: RedisPubSubServerOptions) {
    super();
    this.client = options.client;
    this.settings = toPubSubSettings(options);
  }

  /** Each time that messages may have been missed. */
  get gaps(): Observable<SubscriptionGap> {
    return this.gapSubject.asObservable();
  }

  /** Whether it is subscribed to all channels. */
  get isReady(): boolean {
    return this.subscribed;
  }

  /** Resolves when it is subscribed to all channels. */
  async whenReady(): Promise<void> {
    const subscribed$ = this.status.pipe(filter((status) => status === 'subscribed'));
    await firstValueFrom(subscribed$.pipe(map(() => undefined)));
  }

  /** Starts to subscribe. Calls back at once, also where Redis is down: it subscribes when it is there. */
  override listen(callback: (error?: unknown) => unknown): void {
    if (this.stopping === undefined) {
      this.stopping = new AbortController();
      for (const channel of this.settings.channels) this.queues.set(channel, this.queueOf(channel));
      this.running = this.run(this.stopping.signal);
    }
    callback();
  }

  /** Unsubscribes, drops what waits, and waits up to `drainMs` for handlers at work. Never rejects. */
  override async close(): Promise<void> {
    this.stopping?.abort();
    this.stopping = undefined;
    this.subscription?.close();
    const handlers = [...this.queues.values()].map((queue) => queue.stop());
    this.queues.clear();
    await settlesWithin(Promise.all([this.running, ...handlers]), this.settings.drainMs);
  }

  /** @throws UnsupportedOperationError always: the connections change with every loss */
  override unwrap(): never {
    throw new UnsupportedOperationError('unwrap', 'subscribe to status');
  }

  private async run(stopping: AbortSignal): Promise<void> {
    let lostSinceMs: number | undefined;
    let reason = '';
    for (let failures = 0; !stopping.aborted;) {
      const subscription = new Subscription(this.client, this.settings, this.logger, this.receive);
      this.subscription = subscription;
      try {
        await subscription.open();
        failures = 0;
        this.setSubscribed(true);
        if (lostSinceMs !== undefined) this.reportGap('lost', this.settings.channels, reason, lostSinceMs);
        reason = await subscription.lost;
        lostSinceMs = subscription.soundUntilMs;
        this.warn(`messages may be missed: ${reason}`);
      } catch (error) {
        this.warn(`subscribing failed, and goes on: ${errorText(error)}`);
      }
      subscription.close();
      this.setSubscribed(false);
      await sleep(backoffMs(++failures, 50, 3000), stopping);
    }
  }

  private warn(message: string): void {
    if (this.stopping !== undefined) this.logger.warn(message);
  }

  private setSubscribed(subscribed: boolean): void {
    this.subscribed = subscribed;
    this._status$.next(subscribed ? 'subscribed' : 'disconnected');
  }

  private reportGap(
    cause: SubscriptionGap['cause'],
    channels: readonly string[],
    reason: string,
    fromMs: number,
  ): void {
    this.gapSubject.next({ cause, channels, reason, fromMs, toMs: Date.now() });
  }

  private queueOf(channel: string): MessageQueue {
    const context = new RedisPubSubContext([channel]);
    const handle = async (message: string): Promise<void> => {
      try {
        const { pattern, data } = decodeMessage(message);
        await this.dispatch(pattern, data, context);
      } catch (error) {
        this.logger.warn(`${channel}: a message failed: ${errorText(error)}`);
      }
    };
    return new MessageQueue(this.settings.maxQueued, handle, (sinceMs) => {
      this.reportGap('overflow', [channel], 'the handlers were too slow', sinceMs);
    });
  }

  private readonly receive = (channel: string, message: string): void => {
    this.queues.get(channel)?.push(message);
  };
}
