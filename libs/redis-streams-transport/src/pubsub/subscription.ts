import { type LoggerService } from '@nestjs/common';

import {
  connectionName,
  duplicateClient,
  hashTag,
  isCluster,
  logConnection,
  type RedisClient,
} from '../redis/redis-client.js';
import { settlesWithin } from '../timing.js';
import { type PubSubSettings } from './pubsub-options.js';

/** After these a cluster's subscriptions may have been elsewhere, or nowhere, for a while. */
const CLUSTER_CHANGES = ['-node', '-subscriber', 'subscribersReady'];

/**
 * One life of the subscriptions: opened once, and after the first sign of a loss never mended but replaced. What the
 * client does to resubscribe is not relied on, since it reports no failure of it. An idle subscriber does not notice a
 * dead peer, so it listens for messages to itself: one channel for each slot that has channels, over the same connection.
 */
export class Subscription {
  /** Resolves with the reason when messages may be missed from now on. */
  readonly lost: Promise<string>;
  private lose: (reason: string) => void = () => undefined;
  private readonly subscriber: RedisClient;
  private readonly prober: RedisClient;
  /** Probe channels, and whether they were heard since the last probe. */
  private readonly heard = new Map<string, boolean>();
  private missedProbes = 0;
  private lastProbeMs = Date.now();
  private soundUntil = Date.now();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    client: RedisClient,
    private readonly settings: PubSubSettings,
    logger: LoggerService,
    private readonly onMessage: (channel: string, message: string) => void,
  ) {
    this.lost = new Promise((resolve) => (this.lose = resolve));
    const name = connectionName('pubsub');
    const socketTimeoutMs = settings.probeTimeoutMs;
    const connection = { name, socketTimeoutMs, reconnects: false, shardedSubscribers: true };
    this.subscriber = duplicateClient(client, connection);
    this.prober = duplicateClient(client, { name: `${name}:probe`, socketTimeoutMs, reconnects: true });
    logConnection(this.subscriber, logger, 'subscriber');
    logConnection(this.prober, logger, 'probes of the subscriber');
    for (const channel of settings.channels) {
      this.heard.set(`{${hashTag(channel) ?? channel}}:probe:${name}`, true);
    }
  }

  /** Until when, in milliseconds since 1970, nothing was missed for sure. */
  get soundUntilMs(): number {
    return this.soundUntil;
  }

  /** Subscribes to all channels. Rejects where that fails, or takes too long. */
  async open(): Promise<void> {
    const { subscriber } = this;
    subscriber.on('smessage', this.receive);
    subscriber.on('close', () => {
      this.lose('the connection was closed');
    });
    const all = [...this.settings.channels, ...this.heard.keys()];
    // One call for each channel: on a cluster they lie in different slots.
    const subscribed = Promise.all(all.map((channel) => subscriber.ssubscribe(channel)));
    const answered = await settlesWithin(subscribed, this.settings.probeTimeoutMs);
    if (!answered) throw new Error(`no answer within ${this.settings.probeTimeoutMs} ms`);
    await subscribed;
    this.watch();
  }

  close(): void {
    clearInterval(this.timer);
    this.lose('closed');
    this.subscriber.off('smessage', this.receive);
    this.subscriber.disconnect();
    this.prober.disconnect();
  }

  private watch(): void {
    if (isCluster(this.subscriber)) {
      for (const change of CLUSTER_CHANGES) {
        this.subscriber.on(change, () => {
          this.lose(`the cluster has changed (${change})`);
        });
      }
    }
    this.soundUntil = this.lastProbeMs = Date.now();
    this.probe();
    this.timer = setInterval(() => {
      this.checkProbes();
    }, this.settings.probeIntervalMs);
  }

  /** Counts probes rather than time, so that a process that stood still itself does not blame the peer. */
  private checkProbes(): void {
    const silent = [...this.heard].filter(([, heard]) => !heard).map(([channel]) => channel);
    if (silent.length === 0) {
      this.missedProbes = 0;
      this.soundUntil = this.lastProbeMs;
    } else if (++this.missedProbes * this.settings.probeIntervalMs >= this.settings.probeTimeoutMs) {
      this.lose(`no probe was heard on ${silent.join(', ')}`);
    }
    this.probe();
  }

  private probe(): void {
    this.lastProbeMs = Date.now();
    for (const channel of this.heard.keys()) {
      this.heard.set(channel, false);
      // Whether it arrives is what counts.
      this.prober.spublish(channel, '').catch(() => undefined);
    }
  }

  private readonly receive = (channel: string, message: string): void => {
    if (this.heard.has(channel)) this.heard.set(channel, true);
    else this.onMessage(channel, message);
  };
}
