import { setTimeout as delay } from 'node:timers/promises';

import { ClosedError, StorageUnavailableError } from '../errors.js';
import type { Gap } from '../strategies/fanout-strategy.js';
import type { RedisClient } from './client.js';
import { asFanoutError } from './partitioned.js';
import type { ChannelKind } from './subscription.js';
import { type ChannelName, keyOf, Subscriptions, type SubscriptionSettings } from './subscriptions.js';

/** Who hears a channel, or the channels that match a pattern. Must not throw. */
export interface ChannelListener {
  message(message: string, channel: string): void;
  /** Subscriptions were lost for a time, and all are there again. Told once of a loss, to however many it listens. */
  gap(gap: Gap): void;
  /** They were lost, and could not be made again at once; trying goes on until it succeeds. Told once of a loss. */
  unavailable?(error: StorageUnavailableError): void;
}

interface Registration extends ChannelName {
  readonly listener: ChannelListener;
  /** What comes before is older than the subscription. */
  confirmed: boolean;
}

/** What a listener has lost, until all of it is there again. */
interface Loss {
  sinceMs: number;
  readonly reason: string;
  readonly registrations: Set<Registration>;
}

const DEFAULTS: SubscriptionSettings = { prefix: 'fanout', probeIntervalMs: 3000, probeTimeoutMs: 9000 };
const MAX_BACKOFF_MS = 2000;

/**
 * Any number of subscriptions over one connection (on a cluster one to each node that is needed), opened with the first of
 * them. What is lost with a connection, with one that has fallen silent, or with a slot that has moved is subscribed to
 * again over a new one, and told to those concerned as a gap.
 *
 * The client publishes the probes by which silence is noticed: while it cannot, nothing new counts as subscribed.
 */
export class Channels {
  private readonly subscriptions: Subscriptions;
  private readonly registrations = new Map<string, Set<Registration>>();
  private readonly losses = new Map<ChannelListener, Loss>();
  private readonly closing = new AbortController();

  constructor(client: RedisClient, settings: Partial<SubscriptionSettings> = {}) {
    this.subscriptions = new Subscriptions(
      client,
      { ...DEFAULTS, ...settings },
      {
        message: (key, message, channel) => {
          const registrations = [...(this.registrations.get(key) ?? [])].filter(({ confirmed }) => confirmed);
          const listeners = new Set(registrations.map(({ listener }) => listener));
          for (const listener of listeners) listener.message(message, channel);
        },
        lost: (keys, sinceMs, reason) => {
          this.lose(keys, sinceMs, reason);
        },
      },
    );
  }

  /**
   * Subscribes; resolves when nothing that is published from then on is missed, with the way to end it. Nothing that was
   * published before the call is heard (what the nodes of a cluster are just telling each other may be). A listener hears
   * a message once, however often it is subscribed to the channel.
   *
   * @throws StorageUnavailableError at the latest after some `probeTimeoutMs`; ClosedError
   */
  async subscribe(kind: ChannelKind, channel: string, listener: ChannelListener): Promise<() => void> {
    this.closing.signal.throwIfAborted();
    const registration = { kind, channel, listener, confirmed: false };
    const key = keyOf(registration);
    const registrations = this.registrations.get(key) ?? new Set();
    this.registrations.set(key, registrations.add(registration));
    try {
      await this.subscriptions.add(registration);
    } catch (error) {
      this.remove(registration);
      this.closing.signal.throwIfAborted();
      throw asFanoutError(error);
    }
    registration.confirmed = true;
    return () => {
      this.remove(registration);
    };
  }

  /** Ends all subscriptions, also those that are being made. */
  close(): void {
    this.closing.abort(new ClosedError());
    this.registrations.clear();
    this.losses.clear();
    this.subscriptions.close();
  }

  private remove(registration: Registration): void {
    const key = keyOf(registration);
    const registrations = this.registrations.get(key);
    if (registrations?.delete(registration) !== true) return;
    this.losses.get(registration.listener)?.registrations.delete(registration);
    if (registrations.size > 0) return;
    this.registrations.delete(key);
    this.subscriptions.remove(registration);
  }

  private lose(keys: readonly string[], sinceMs: number, reason: string): void {
    const fresh = new Map<ChannelListener, Loss>();
    for (const registration of keys.flatMap((key) => [...(this.registrations.get(key) ?? [])])) {
      const { listener } = registration;
      const known = this.losses.get(listener);
      const loss = known ?? { sinceMs, reason, registrations: new Set() };
      loss.sinceMs = Math.min(loss.sinceMs, sinceMs);
      loss.registrations.add(registration);
      this.losses.set(listener, loss);
      if (known === undefined) fresh.set(listener, loss);
    }
    for (const [listener, loss] of fresh) void this.recover(listener, loss);
  }

  /** Subscribes again to all that a listener has lost, and then tells it since when messages may have been missed. */
  private async recover(listener: ChannelListener, loss: Loss): Promise<void> {
    for (let failures = 0; !this.isRecovered(loss);) {
      const error = await this.subscribeAgain(loss);
      if (error === undefined) continue;
      if (++failures === 1) listener.unavailable?.(new StorageUnavailableError(error));
      await this.pause(Math.min(50 * 2 ** failures, MAX_BACKOFF_MS));
    }
    this.losses.delete(listener);
    const { sinceMs, reason, registrations } = loss;
    if (registrations.size > 0 && !this.closing.signal.aborted) listener.gap({ sinceMs, reason });
  }

  private isRecovered({ registrations }: Loss): boolean {
    if (this.closing.signal.aborted) return true;
    return [...registrations].every((registration) => this.subscriptions.has(registration));
  }

  /** Why it failed. */
  private async subscribeAgain({ registrations }: Loss): Promise<unknown> {
    const attempts = [...registrations].map(async (registration) => this.subscriptions.ensure(registration));
    const results = await Promise.allSettled(attempts);
    return results.find((result) => result.status === 'rejected')?.reason;
  }

  private async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.closing.signal }).catch(() => undefined);
  }
}
