import { randomUUID } from 'node:crypto';

import type { Redis } from 'ioredis';

import type { RedisClient } from './client.js';
import { subscriberLike } from './duplicate.js';
import { addressOf, publishBeside } from './nodes.js';
import { Probes, type ProbeSettings } from './probes.js';

/** `classic` channels are heard by a whole cluster, `sharded` ones by the node of their slot; patterns are classic. */
export type ChannelKind = 'classic' | 'sharded' | 'pattern';

/** Who is told what comes of a subscription. */
export interface SubscriptionOwner {
  /** `name` is the channel, or the pattern that it matched. */
  message(kind: ChannelKind, name: string, message: string, channel: string): void;
  /** Messages may be missed from now on; told once. */
  lost(reason: string): void;
}

const COMMANDS = {
  classic: ['subscribe', 'unsubscribe'],
  sharded: ['ssubscribe', 'sunsubscribe'],
  pattern: ['psubscribe', 'punsubscribe'],
} as const;

/**
 * One life of the subscriptions at a node: after the first sign of a loss never mended but replaced. What ioredis does to
 * subscribe again is not relied on, since it reports no failure of it, and on a cluster not even every loss. Channels in
 * different slots, or in none, may be lost on their own, and so are probed on their own.
 */
export class Subscription {
  readonly address: string;
  private readonly id = randomUUID();
  private readonly connection: Redis;
  private readonly probes: Probes;
  /** Of each probe's channel, when it was first heard. */
  private readonly probed = new Map<string, Promise<void>>();
  private ended = false;

  constructor(
    private readonly client: RedisClient,
    node: Redis,
    settings: ProbeSettings,
    private readonly owner: SubscriptionOwner,
  ) {
    this.address = addressOf(node);
    this.connection = subscriberLike(node, `redis-fanout:${this.id}`, settings.probeTimeoutMs);
    this.probes = new Probes(settings, (reason) => {
      this.end(reason);
    });
    this.watchConnection();
    this.hearken();
  }

  get isOver(): boolean {
    return this.ended;
  }

  /** Until when, in milliseconds since 1970, nothing was missed for sure. */
  get soundUntilMs(): number {
    return this.probes.soundUntilMs;
  }

  /** Whether channels are heard here that have this root. */
  hears(root: string): boolean {
    return this.probed.has(this.probeOf(root));
  }

  /** Subscribes to a channel. Its root begins the name of a probe that is in the same slot, or as it is in none. */
  async add(kind: ChannelKind, channel: string, root: string): Promise<void> {
    const probe = this.probeOf(root);
    let probed = this.probed.get(probe);
    if (probed === undefined) {
      probed = this.probe(probe, kind === 'sharded');
      this.probed.set(probe, probed);
    }
    await Promise.all([probed, this.connection[COMMANDS[kind][0]](channel)]);
  }

  remove(kind: ChannelKind, channel: string): void {
    this.connection[COMMANDS[kind][1]](channel).catch(() => undefined);
  }

  end(reason: string): void {
    if (this.ended) return;
    this.ended = true;
    this.probes.end(reason);
    // One that has ended would only set a timer.
    if (this.connection.status !== 'end') this.connection.disconnect();
    this.owner.lost(reason);
  }

  private probeOf(root: string): string {
    return `${root}:probe:${this.id}`;
  }

  private async probe(channel: string, sharded: boolean): Promise<void> {
    try {
      await this.connection[sharded ? 'ssubscribe' : 'subscribe'](channel);
      await this.probes.begin(channel, async (text) => {
        if (sharded) await this.client.spublish(channel, text);
        else await publishBeside(this.client, this.address, channel, text);
      });
    } catch (error) {
      this.probed.delete(channel);
      throw error;
    }
  }

  private watchConnection(): void {
    // What comes of errors is the end.
    this.connection.on('error', () => undefined);
    this.connection.on('end', () => {
      this.end('the connection was closed');
    });
    this.connection.on('moved', () => {
      this.end('a slot has moved');
    });
  }

  private hearken(): void {
    this.connection.on('message', (channel: string, message: string) => {
      this.receive('classic', channel, message, channel);
    });
    this.connection.on('smessage', (channel: string, message: string) => {
      this.receive('sharded', channel, message, channel);
    });
    this.connection.on('pmessage', (pattern: string, channel: string, message: string) => {
      this.receive('pattern', pattern, message, channel);
    });
  }

  private receive(kind: ChannelKind, name: string, message: string, channel: string): void {
    if (!this.probes.hear(name, message)) this.owner.message(kind, name, message, channel);
  }
}
