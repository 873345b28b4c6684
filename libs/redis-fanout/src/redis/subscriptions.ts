import { setMaxListeners } from 'node:events';

import { StorageUnavailableError } from '../errors.js';
import type { RedisClient } from './client.js';
import { addressOf, anyNode, nodeOfSlot } from './nodes.js';
import type { ProbeSettings } from './probes.js';
import { type ChannelKind, Subscription } from './subscription.js';
import { within } from './within.js';

/** A channel, or a pattern. */
export interface ChannelName {
  readonly kind: ChannelKind;
  readonly channel: string;
}

/** How to subscribe. */
export interface SubscriptionSettings extends ProbeSettings {
  /** First part of the names of classic probes; the sharded ones begin as the channels do that they stand for. */
  readonly prefix: string;
}

/** Who is told what comes of the subscriptions. */
export interface SubscriptionsOwner {
  /** `name` is that of the channel, or of the pattern that it matched. */
  message(name: string, message: string, channel: string): void;
  /** What is no longer subscribed to, and since when, at the earliest, messages may have been missed. */
  lost(names: readonly string[], sinceMs: number, reason: string): void;
}

/** Where a channel is heard. */
interface Place {
  /** Unset while it is being subscribed to. */
  at?: Subscription;
  ready: Promise<void>;
  wanted: boolean;
}

/** Which channel is heard at which node: one connection to each that is needed, opened with the first channel there. */
export class Subscriptions {
  private readonly places = new Map<string, Place>();
  private readonly nodes = new Map<string, Subscription>();
  /** Of each root, while its node is being found. */
  private readonly finding = new Map<string, Promise<Subscription>>();
  private readonly closing = new AbortController();
  /** Of the node for classic channels; kept, as what comes late to another node would be heard again there. */
  private choice = Math.random();

  constructor(
    private readonly client: RedisClient,
    private readonly settings: SubscriptionSettings,
    private readonly owner: SubscriptionsOwner,
  ) {
    // As many channels as are wanted may be waiting for their nodes.
    setMaxListeners(0, this.closing.signal);
  }

  /**
   * Subscribes to a channel. By then everything is received that was published before the call: where it is subscribed to
   * already Redis is asked once more, as the answer comes after that. What is lost meanwhile is told as lost.
   */
  async add(name: ChannelName): Promise<void> {
    const shared = this.places.has(keyOf(name));
    await this.ensure(name);
    if (shared) await this.places.get(keyOf(name))?.at?.add(name.kind, name.channel, this.rootOf(name));
  }

  /** Sees to it that a channel is subscribed to, or being subscribed to. */
  async ensure(name: ChannelName): Promise<void> {
    const key = keyOf(name);
    let place = this.places.get(key);
    if (place === undefined) {
      place = { wanted: true, ready: Promise.resolve() };
      this.places.set(key, place);
      place.ready = this.subscribe(name, place);
    }
    place.wanted = true;
    await place.ready;
  }

  remove(name: ChannelName): void {
    const place = this.places.get(keyOf(name));
    if (place === undefined) return;
    place.wanted = false;
    // What is being subscribed to is left when that is done.
    if (place.at === undefined) return;
    this.places.delete(keyOf(name));
    place.at.remove(name.kind, name.channel);
  }

  /** Whether a channel is subscribed to. */
  has(name: ChannelName): boolean {
    return this.places.get(keyOf(name))?.at !== undefined;
  }

  close(): void {
    this.closing.abort();
    for (const node of this.nodes.values()) node.end('closed');
  }

  private async subscribe(name: ChannelName, place: Place): Promise<void> {
    try {
      const root = this.rootOf(name);
      const node = await this.nodeFor(name.kind, root);
      await node.add(name.kind, name.channel, root);
      if (node.isOver) throw new StorageUnavailableError('the connection was lost');
      place.at = node;
    } catch (error) {
      this.choice = Math.random();
      this.places.delete(keyOf(name));
      throw error;
    }
    if (!place.wanted) this.remove(name);
  }

  private rootOf({ kind, channel }: ChannelName): string {
    if (kind !== 'sharded') return this.settings.prefix;
    return /^[^{]*\{[^}]+\}/.exec(channel)?.[0] ?? `{${channel}}`;
  }

  private async nodeFor(kind: ChannelKind, root: string): Promise<Subscription> {
    for (const node of this.nodes.values()) if (node.hears(root)) return node;
    let finding = this.finding.get(root);
    if (finding === undefined) {
      finding = this.findNode(kind, root).finally(() => this.finding.delete(root));
      this.finding.set(root, finding);
    }
    return finding;
  }

  private async findNode(kind: ChannelKind, root: string): Promise<Subscription> {
    const { signal } = this.closing;
    const found =
      kind === 'sharded' ? nodeOfSlot(this.client, `${root}:probe`) : anyNode(this.client, this.choice);
    const node = await within(this.settings.probeTimeoutMs, signal, found);
    signal.throwIfAborted();
    const known = this.nodes.get(addressOf(node));
    if (known !== undefined) return known;
    const opened = new Subscription(this.client, node, this.settings, {
      message: (kind, channel, message, from) => {
        const key = keyOf({ kind, channel });
        // What a connection still has when it is given up may come over the next one, too.
        if (this.places.get(key)?.at === opened) this.owner.message(key, message, from);
      },
      lost: (reason) => {
        this.lose(opened, reason);
      },
    });
    this.nodes.set(opened.address, opened);
    return opened;
  }

  private lose(node: Subscription, reason: string): void {
    this.nodes.delete(node.address);
    const lost = [...this.places].filter(([, { at }]) => at === node).map(([key]) => key);
    for (const key of lost) this.places.delete(key);
    this.owner.lost(lost, node.soundUntilMs, reason);
  }
}

/** Names a channel among those of all kinds. */
export function keyOf({ kind, channel }: ChannelName): string {
  return `${kind} ${channel}`;
}
