import { Deliverer } from './delivery/deliverer.js';
import { DeliveryWorker, type DeliveryWorkerOptions } from './delivery/delivery-worker.js';
import { Follows } from './follows/follows.js';
import { LiveHub, type LiveHubOptions } from './live/live-hub.js';
import { Messages } from './messages/messages.js';
import { type FanoutOptions, type FanoutSettings, fanoutSettings } from './options.js';
import { BodyCache } from './posts/body-cache.js';
import { Posts } from './posts/posts.js';
import { Presence } from './presence/presence.js';
import { BatchedReads } from './redis/batched-reads.js';
import { openPartitioned } from './redis/open.js';
import type { PartitionedRedis } from './redis/partitioned.js';
import { TimelineAudit } from './timelines/audit.js';
import { IdleTimelines } from './timelines/idle-timelines.js';
import { TimelineBuilder } from './timelines/timeline-builder.js';
import { Timelines } from './timelines/timelines.js';

/** A fan-out on one Redis or Redis Cluster: posts go in, everyone's timelines come out; and direct messages. */
export class Fanout {
  readonly posts: Posts;
  readonly follows: Follows;
  readonly timelines: Timelines;
  readonly messages: Messages;
  readonly audit: TimelineAudit;
  readonly deliverer: Deliverer;
  readonly presence: Presence;

  private readonly idleTimelines: IdleTimelines;

  private constructor(
    private readonly redis: PartitionedRedis,
    private readonly settings: FanoutSettings,
  ) {
    const reads = new BatchedReads(redis);
    const builder = new TimelineBuilder(redis, settings);
    this.posts = new Posts(redis, settings);
    this.follows = new Follows(redis, reads, settings, builder);
    this.idleTimelines = new IdleTimelines(redis, settings);
    this.timelines = new Timelines(redis, reads, settings, new BodyCache(redis), builder, this.idleTimelines);
    this.messages = new Messages(redis, settings);
    this.audit = new TimelineAudit(redis);
    this.deliverer = new Deliverer(redis, settings, this.idleTimelines);
    this.presence = new Presence(redis);
  }

  /**
   * Opens a fan-out, and fixes the number of partitions where it is the first on this Redis.
   *
   * @throws InvalidOptionError, UnsuitableRedisError, StorageUnavailableError
   */
  static async open(options: FanoutOptions): Promise<Fanout> {
    const settings = fanoutSettings(options);
    const fanout = new Fanout(await openPartitioned({ ...options, prefix: settings.prefix }), settings);
    await fanout.posts.measureBacklog();
    return fanout;
  }

  /**
   * Begins to deliver what is published, together with the workers of other processes. Without some worker nothing reaches
   * the timelines. Workers of another kind that consume the outboxes as `consumerGroup` do so instead, not beside these:
   * neither kind takes over in time what the other has left.
   */
  startDelivering(options: DeliveryWorkerOptions = {}): DeliveryWorker {
    const deliverer = new Deliverer(this.redis, this.settings, this.idleTimelines);
    return new DeliveryWorker(this.redis, deliverer, this.consumerGroup, options);
  }

  /** Makes a hub that tells connected readers of what happens. */
  liveHub(options: LiveHubOptions = {}): LiveHub {
    return new LiveHub(this.redis, this.posts, this.messages, this.presence, options);
  }

  /** How many partitions there are; fixed by the first start on a Redis. */
  get partitions(): number {
    return this.redis.keys.partitions;
  }

  /** The stream of each partition from which post events are to be consumed, and delivered by the `deliverer`. */
  get outboxes(): string[] {
    return Array.from({ length: this.partitions }, (_, partition) => this.redis.keys.outbox(partition));
  }

  /** The consumer group that delivers the posts, of whose reading `posts.delivery` tells. */
  get consumerGroup(): string {
    return this.settings.consumerGroup;
  }

  /** Whether Redis answers, on every node that holds a partition. @throws StorageUnavailableError */
  async ping(): Promise<void> {
    await this.redis.pipeline(
      this.outboxes.map((outbox, partition) => ({ partition, command: ['EXISTS', outbox] })),
    );
  }
}
