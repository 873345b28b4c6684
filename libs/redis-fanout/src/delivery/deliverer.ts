import { setTimeout as delay } from 'node:timers/promises';

import { isStorageUnavailable } from '../errors.js';
import { deliverPosts, type PartitionEvent } from '../lua/deliver-posts.js';
import { type DeliveryCount, recordDeliveries } from '../lua/record-deliveries.js';
import { BUILD_MS, type FanoutSettings, maxRecent } from '../options.js';
import { homePartition } from '../post-id.js';
import type { PartitionedRedis } from '../redis/partitioned.js';
import { Frontiers } from './frontiers.js';
import { PartitionQueue } from './partition-queue.js';
import type { PostEvent } from './post-event.js';

/** Work of one script call, in about a microsecond each: 2 ms of Redis' time. */
const BUDGET = 2000;
const RETRY_MS = 100;

/** Delivers posts to all partitions. Each event may be delivered again at will; the timelines do not change. */
export class Deliverer {
  private readonly queues: readonly PartitionQueue[];
  private readonly stopping = new AbortController();
  private readonly frontiers = new Frontiers();

  constructor(
    private readonly redis: PartitionedRedis,
    private readonly settings: FanoutSettings,
  ) {
    this.queues = Array.from(
      { length: redis.keys.partitions },
      (_, partition) =>
        new PartitionQueue((events) => this.call(partition, events), this.stopping.signal, this.frontiers),
    );
  }

  /**
   * Delivers events of one outbox and keeps the accounts of the posts published. Resolves when every partition has everything;
   * waits while Redis cannot serve. Events of several calls share script calls, so it pays to have some under way; the
   * caller bounds how many. Where `hasMore`, the caller has more of this outbox, and hands it over at once: then posts of
   * other outboxes wait a moment, so that all are delivered in their order, which costs least.
   *
   * @throws the error of an event that Redis refuses, when the others are delivered; an AbortError after `stop`
   */
  async deliver(events: readonly PostEvent[], hasMore = false): Promise<void> {
    this.noteFrontier(events, hasMore);
    const counts = await Promise.allSettled(events.map((event) => this.deliverToAll(event)));
    const delivered = events.flatMap((event, i) => {
      const result = counts[i];
      return event.kind === 'published' && result?.status === 'fulfilled'
        ? [{ id: event.id, ...result.value }]
        : [];
    });
    await this.keepAccounts(delivered);
    const failed = counts.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Ends the waiting for a Redis that cannot serve; what is not through rejects. */
  stop(): void {
    this.stopping.abort();
  }

  private noteFrontier(events: readonly PostEvent[], hasMore: boolean): void {
    const published = events.filter(({ kind }) => kind === 'published').map(({ id }) => id);
    const newest = published.reduce((a, b) => (a > b ? a : b), '');
    if (newest !== '') this.frontiers.note(homePartition(newest), newest, hasMore);
  }

  private async deliverToAll(event: PostEvent): Promise<DeliveryCount> {
    const counts = await Promise.all(this.queues.map((queue) => queue.deliver(event)));
    return counts.reduce((sum, count) => ({
      pushed: sum.pushed + count.pushed,
      skippedInactive: sum.skippedInactive + count.skippedInactive,
      leftToPull: sum.leftToPull + count.leftToPull,
    }));
  }

  private async call(partition: number, events: readonly PartitionEvent[]): ReturnType<typeof deliverPosts> {
    const { keys, client } = this.redis;
    const names = {
      newestEntry: keys.newestEntry(partition),
      pulled: keys.pulled(partition),
      online: keys.online(partition),
      deliveries: keys.deliveries(partition),
      recorded: keys.recorded(partition),
      guard: keys.guard(partition),
    };
    const { pushMaxFollowers, timelineMaxEntries } = this.settings;
    const args = {
      partition: keys.digits(partition),
      maxPushFollowers: pushMaxFollowers === Infinity ? -1 : pushMaxFollowers,
      maxEntries: timelineMaxEntries,
      maxRecent: maxRecent(this.settings),
      maxDeliveries: this.settings.historyMaxEvents,
      budget: BUDGET,
      buildMs: BUILD_MS,
      followersStem: keys.followers(partition),
      timelineStem: keys.timelineStem(partition),
      recentStem: keys.recent(partition),
      liveStem: keys.live(partition),
      notifierStem: keys.notifier(partition),
    };
    return deliverPosts(client, names, args, events);
  }

  private async keepAccounts(posts: readonly (DeliveryCount & { readonly id: string })[]): Promise<void> {
    const homes = new Map<number, (DeliveryCount & { readonly id: string })[]>();
    for (const post of posts)
      homes.set(homePartition(post.id), [...(homes.get(homePartition(post.id)) ?? []), post]);
    await Promise.all([...homes].map(([home, ofHome]) => this.keepAccountsOf(home, ofHome)));
  }

  private async keepAccountsOf(
    home: number,
    posts: readonly (DeliveryCount & { readonly id: string })[],
  ): Promise<void> {
    const { keys, client } = this.redis;
    for (;;) {
      try {
        await recordDeliveries(
          client,
          { lastId: keys.lastId(home), guard: keys.guard(home) },
          { postStem: keys.post(home), undeliveredStem: keys.undeliveredStem(home) },
          posts,
        );
        return;
      } catch (error) {
        if (!isStorageUnavailable(error)) throw error;
        await delay(RETRY_MS, undefined, { signal: this.stopping.signal });
      }
    }
  }
}
