import { setTimeout as delay } from 'node:timers/promises';

import { isStorageUnavailable } from '../errors.js';
import { deliverPosts, type PartitionProgress } from '../lua/deliver-posts.js';
import { recordDeliveries } from '../lua/record-deliveries.js';
import { BUILD_MS, type FanoutSettings, maxRecent } from '../options.js';
import { homePartition } from '../post-id.js';
import type { PartitionedRedis } from '../redis/partitioned.js';
import type { IdleTimelines } from '../timelines/idle-timelines.js';
import { EventDelivery } from './event-delivery.js';
import { Frontiers } from './frontiers.js';
import { PartitionQueue } from './partition-queue.js';
import type { PostEvent } from './post-event.js';
import { Turns } from './turns.js';

/**
 * Work of one script call, in pushes: 2 ms of Redis' time where all is in the processor's cache, 3 or 4 ms where nothing is. A
 * large audience that is begun at its end may take as much again.
 */
const BUDGET = 1200;
/**
 * What the calls weigh together that a node gets at once, by their events: all partitions' small ones, or two large ones. More
 * would only keep others waiting there.
 */
const WEIGHT_OF_NODE = 64;
const LARGE_CALL = 32;
const RETRY_MS = 100;

/** Delivers posts to all partitions. Each event may be delivered again at will; the timelines do not change. */
export class Deliverer {
  private readonly queues: readonly PartitionQueue[];
  private readonly stopping = new AbortController();
  private readonly frontiers = new Frontiers();
  private readonly turns = new Map<string, Turns>();

  constructor(
    private readonly redis: PartitionedRedis,
    private readonly settings: FanoutSettings,
    private readonly idleTimelines: IdleTimelines,
  ) {
    this.queues = Array.from(
      { length: redis.keys.partitions },
      (_, partition) =>
        new PartitionQueue(
          async (events, isLarge) => this.callInTurn(partition, events, isLarge),
          this.stopping.signal,
          this.frontiers,
        ),
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
    const deliveries = await this.deliverToAll(events);
    await this.keepAccounts(
      deliveries.filter(({ event, failure }) => event.kind === 'published' && failure === undefined),
    );
    const failed = deliveries.find(({ failure }) => failure !== undefined);
    if (failed !== undefined) throw failed.failure;
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

  /** Resolves when all partitions have finished with all events. */
  private async deliverToAll(events: readonly PostEvent[]): Promise<EventDelivery[]> {
    if (events.length === 0) return [];
    return new Promise((resolve) => {
      let left = events.length;
      const whenFinished = (): void => {
        if (--left === 0) resolve(deliveries);
      };
      const deliveries = events.map((event) => new EventDelivery(event, this.queues.length, whenFinished));
      for (const queue of this.queues) queue.add(deliveries);
    });
  }

  private async callInTurn(
    partition: number,
    events: readonly string[],
    isLarge: boolean,
  ): Promise<PartitionProgress[]> {
    const node = this.redis.nodeOf(partition);
    const turns = this.turns.get(node) ?? new Turns(WEIGHT_OF_NODE);
    this.turns.set(node, turns);
    const weight = isLarge ? LARGE_CALL : Math.min(LARGE_CALL, events.length);
    return turns.take(weight, async () => this.call(partition, events));
  }

  private async call(partition: number, events: readonly string[]): ReturnType<typeof deliverPosts> {
    const { keys, client } = this.redis;
    this.idleTimelines.drop(partition);
    const names = {
      newestEntry: keys.newestEntry(partition),
      pulled: keys.pulled(partition),
      recentChanged: keys.recentChanged(partition),
      recentChanges: keys.recentChanges(partition),
      online: keys.online(partition),
      deliveries: keys.deliveries(partition),
      recorded: keys.recorded(partition),
      recordedBefore: keys.recordedBefore(partition),
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

  private async keepAccounts(deliveries: readonly EventDelivery[]): Promise<void> {
    const homes = new Map<number, EventDelivery[]>();
    for (const delivery of deliveries) {
      const home = homePartition(delivery.event.id);
      const ofHome = homes.get(home);
      if (ofHome === undefined) homes.set(home, [delivery]);
      else ofHome.push(delivery);
    }
    await Promise.all([...homes].map(([home, ofHome]) => this.keepAccountsOf(home, ofHome)));
  }

  private async keepAccountsOf(home: number, deliveries: readonly EventDelivery[]): Promise<void> {
    const { keys, client } = this.redis;
    const posts = deliveries.map(({ event, pushed, skippedInactive, leftToPull }) => ({
      id: event.id,
      pushed,
      skippedInactive,
      leftToPull,
    }));
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
