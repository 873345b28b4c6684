import { randomUUID } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import type { Fanout } from '../../fanout.js';
import { publishedAtMs } from '../../post-id.js';
import type { Post } from '../../posts/post.js';
import { LIVE_PATTERN, type LiveEvent } from '../../presence/live-event.js';
import { PresenceKeeper } from '../../presence/presence-keeper.js';
import type { Channels } from '../../redis/channels.js';
import type { Gap } from '../fanout-strategy.js';

/** Who wants what enters the timeline of a reader. */
export interface FeedListener {
  post(post: Post): void;
  gap(gap: Gap): void;
}

/** Deliveries that are remembered: what is delivered to a reader again is not handed over again. */
const REMEMBERED = 100_000;
/** Events that wait for their posts' bodies at most; more are dropped, and told as a gap. */
const MAX_WAITING = 10_000;
/** Bodies that are looked up at once. */
const MAX_LOOK_UP = 100;

/** Hands what enters the timelines of readers to those in this process who listen for them. */
export class LiveFeed {
  private readonly keeper: PresenceKeeper;
  private readonly listeners = new Map<string, Set<FeedListener>>();
  private readonly handedOver = new LRUCache<string, true>({ max: REMEMBERED });
  private readonly ear = {
    message: (text: string): void => {
      this.receive(text);
    },
    gap: (gap: Gap): void => {
      void this.restore(gap);
    },
  };
  private opening: Promise<void> | undefined;
  private waiting: LiveEvent[] = [];
  private running: Promise<void> | undefined;

  constructor(
    private readonly fanout: Fanout,
    private readonly channels: Channels,
  ) {
    this.keeper = new PresenceKeeper(fanout.presence, randomUUID(), {
      forgotten: (sinceMs) => {
        this.tellGap({ sinceMs, reason: 'this process was taken for dead' }, [...this.listeners.keys()]);
      },
      // Then it is forgotten, and says so.
      failed: () => undefined,
    });
  }

  /** Resolves when whatever is delivered to the reader from then on is handed over, with the way to end that. */
  async add(reader: string, listener: FeedListener): Promise<() => void> {
    this.opening ??= this.open().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    await this.opening;
    const listeners = this.listeners.get(reader) ?? new Set();
    this.listeners.set(reader, listeners.add(listener));
    try {
      await this.keeper.attach(reader);
    } catch (error) {
      this.remove(reader, listener);
      throw error;
    }
    return () => {
      this.remove(reader, listener);
    };
  }

  /** Hands over nothing more; within seconds nobody tells this process of anything. */
  async close(): Promise<void> {
    this.keeper.stop();
    this.listeners.clear();
    await this.running;
  }

  private remove(reader: string, listener: FeedListener): void {
    const listeners = this.listeners.get(reader);
    if (listeners?.delete(listener) !== true || listeners.size > 0) return;
    this.listeners.delete(reader);
    void this.keeper.detach(reader);
  }

  private async open(): Promise<void> {
    await this.keeper.start();
    // A listener hears a message once, however often it is subscribed: what an opening that failed has left does no harm.
    await Promise.all(
      this.fanout.presence
        .channels(this.keeper.notifier)
        .map(async (channel) => this.channels.subscribe('sharded', channel, this.ear)),
    );
  }

  /** Says again who listens here, as Redis may have lost it, and tells everyone what they may have missed. */
  private async restore(gap: Gap): Promise<void> {
    await this.keeper.restore();
    this.tellGap(gap, [...this.listeners.keys()]);
  }

  private receive(text: string): void {
    const { pattern, data } = JSON.parse(text) as { pattern: string; data: LiveEvent };
    if (pattern !== LIVE_PATTERN || data.kind !== 'published') return;
    if (this.waiting.length >= MAX_WAITING) {
      const sinceMs = publishedAtMs(data.id);
      this.tellGap({ sinceMs, reason: 'more comes in than can be looked up' }, data.readers);
      return;
    }
    this.waiting.push(data);
    this.running ??= this.run();
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) await this.handOver(this.waiting.splice(0, MAX_LOOK_UP));
    this.running = undefined;
  }

  private async handOver(events: readonly LiveEvent[]): Promise<void> {
    const posts = await this.fanout.posts.lookUp(events.map(({ id }) => id)).catch(() => undefined);
    if (posts === undefined) {
      const readers = new Set(events.flatMap((event) => event.readers));
      const sinceMs = Math.min(...events.map(({ id }) => publishedAtMs(id)));
      this.tellGap({ sinceMs, reason: 'posts could not be looked up' }, [...readers]);
      return;
    }
    events.forEach((event, i) => {
      const post = posts[i];
      if (post === undefined || post === 'deleted') return;
      for (const reader of event.readers) {
        if (this.isRepeated(reader, post.id)) continue;
        for (const listener of this.listeners.get(reader) ?? []) listener.post(post);
      }
    });
  }

  private isRepeated(reader: string, id: string): boolean {
    const key = `${reader} ${id}`;
    const isRepeated = this.handedOver.has(key);
    this.handedOver.set(key, true);
    return isRepeated;
  }

  private tellGap(gap: Gap, readers: readonly string[]): void {
    for (const reader of readers) {
      for (const listener of this.listeners.get(reader) ?? []) listener.gap(gap);
    }
  }
}
