import { Deliverer } from './delivery/deliverer.js';
import { InvalidOptionError, UnsuitableRedisError } from './errors.js';
import { Follows } from './follows/follows.js';
import { Keys, settingsKey } from './keys.js';
import { scripts } from './lua/scripts.js';
import { type FanoutOptions, type FanoutSettings, fanoutSettings } from './options.js';
import { MAX_PARTITIONS } from './partitions.js';
import { Posts } from './posts/posts.js';
import { Presence } from './presence/presence.js';
import { isCluster, type RedisClient } from './redis/client.js';
import { PartitionedRedis, unavailableAsSuch } from './redis/partitioned.js';
import { suitableMasters } from './redis/suitability.js';
import { TimelineBuilder } from './timelines/timeline-builder.js';
import { Timelines } from './timelines/timelines.js';

/** A fan-out on one Redis or Redis Cluster: posts go in, everyone's timelines come out. */
export class Fanout {
  readonly posts: Posts;
  readonly follows: Follows;
  readonly timelines: Timelines;
  readonly deliverer: Deliverer;
  readonly presence: Presence;

  private constructor(
    private readonly redis: PartitionedRedis,
    private readonly settings: FanoutSettings,
  ) {
    const builder = new TimelineBuilder(redis, settings);
    this.posts = new Posts(redis, settings);
    this.follows = new Follows(redis, settings, builder);
    this.timelines = new Timelines(redis, settings, this.posts, builder);
    this.deliverer = new Deliverer(redis, settings);
    this.presence = new Presence(redis);
  }

  /**
   * Opens a fan-out, and fixes the number of partitions where it is the first on this Redis.
   *
   * @throws InvalidOptionError, UnsuitableRedisError, StorageUnavailableError
   */
  static async open(options: FanoutOptions): Promise<Fanout> {
    const settings = fanoutSettings(options);
    const { client } = options;
    const nodes = await suitableMasters(client);
    await unavailableAsSuch(Promise.all(nodes.flatMap((node) => scripts.map((script) => script.load(node)))));
    const partitions = await fixPartitions(client, nodes.length, settings.prefix, options.partitions);
    const fanout = new Fanout(new PartitionedRedis(client, new Keys(partitions, settings.prefix)), settings);
    await fanout.posts.measureBacklog();
    return fanout;
  }

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

/** The number of partitions is part of where everything lies, so it is fixed once, by whoever comes first. */
async function fixPartitions(
  client: RedisClient,
  masters: number,
  prefix: string,
  wanted: number | undefined,
): Promise<number> {
  if (wanted !== undefined && (!Number.isInteger(wanted) || wanted < 1 || wanted > MAX_PARTITIONS)) {
    throw new InvalidOptionError('partitions', `a whole number from 1 to ${MAX_PARTITIONS}`);
  }
  const key = settingsKey(prefix);
  // Eight are cheap; a cluster wants several for each master, to spread over those that may come.
  const proposal = wanted ?? Math.min(MAX_PARTITIONS, isCluster(client) ? Math.max(8, 4 * masters) : 8);
  await unavailableAsSuch(client.hsetnx(key, 'partitions', proposal));
  const fixed = Number(await unavailableAsSuch(client.hget(key, 'partitions')));
  if (wanted !== undefined && wanted !== fixed) {
    throw new UnsuitableRedisError(
      `this Redis was set up with ${fixed} partitions, not ${wanted}; that cannot change`,
    );
  }
  return fixed;
}
