import { randomUUID } from 'node:crypto';

import type { Messages } from '../messages/messages.js';
import type { Posts } from '../posts/posts.js';
import type { Presence } from '../presence/presence.js';
import { PresenceKeeper } from '../presence/presence-keeper.js';
import type { PartitionedRedis } from '../redis/partitioned.js';
import { reportError } from '../report-error.js';
import { checkUserIds } from '../user-id.js';
import { History } from './history.js';
import { LiveConnection } from './live-connection.js';
import type { LiveEvent } from './live-event.js';
import { LivePartition } from './live-partition.js';
import type { LiveListener, LiveSubscription } from './live-update.js';
import { BEGINNING, formatPosition, parsePosition } from './position.js';
import { Slices } from './slices.js';

/** How a hub is set up. */
export interface LiveHubOptions {
  /** Names this hub among all: a new name at each start, as no connection outlives it. Default: a random one. */
  readonly notifier?: string;
  /**
   * Told of errors. None ends anything: what was missed is read from the history once Redis answers. Without it a process
   * warning is emitted.
   */
  readonly onError?: (error: unknown) => void;
}

/**
 * Tells those who listen for readers in this process of everything that happens to their timelines and inboxes: each thing
 * once, in the order in which it happened, whatever is lost on the way. What is told over Pub/Sub is counted; where some of
 * it is missing, and where somebody comes back, the rest is read from the partition's history, which holds at least the last
 * `historyMaxEvents` things that happened there. Who is further behind is told to `resync`.
 *
 * The hub does not subscribe by itself: what comes on its `channels` is to be handed to `hear`, and `lose` to be called
 * whenever something may have been lost there.
 */
export class LiveHub {
  /** The name under which Redis knows this hub. */
  readonly notifier: string;
  private readonly keeper: PresenceKeeper;
  private readonly partitions: readonly LivePartition[];

  /** @internal `Fanout.liveHub` makes it. */
  constructor(
    private readonly redis: PartitionedRedis,
    posts: Posts,
    messages: Messages,
    private readonly presence: Presence,
    private readonly options: LiveHubOptions = {},
  ) {
    this.notifier = options.notifier ?? randomUUID();
    const onError = (error: unknown): void => {
      reportError(this.options, error);
    };
    const slices = new Slices();
    this.partitions = Array.from(
      { length: redis.keys.partitions },
      (_, partition) =>
        new LivePartition(new History(redis, posts, messages, partition, this.notifier), slices, onError),
    );
    this.keeper = new PresenceKeeper(presence, this.notifier, {
      forgotten: () => {
        for (const partition of this.partitions) partition.suspend();
      },
      restored: () => {
        for (const partition of this.partitions) partition.resume();
      },
      renewed: (states) => {
        states.forEach((state, i) => this.partitions[i]?.note(state));
      },
      failed: onError,
    });
  }

  /** What the hub has to hear: sharded channels, one for each partition. */
  get channels(): string[] {
    return this.presence.channels(this.notifier);
  }

  /** Makes the hub known. To be called once its channels are subscribed to. @throws StorageUnavailableError */
  async start(): Promise<void> {
    await this.keeper.start();
  }

  /** Takes an event that came on one of the channels. */
  hear(event: LiveEvent): void {
    this.partitionAt(event.event)?.hear(event);
  }

  /** Reads from the history whatever may have been missed on the channels. */
  async lose(): Promise<void> {
    // Redis may have lost who is connected here, too: until that is mended nobody is told anything.
    for (const partition of this.partitions) partition.suspend();
    await this.keeper.restore();
    for (const partition of this.partitions) partition.resume();
  }

  /** Where a reader is who was told everything until now. @throws InvalidUserIdError, StorageUnavailableError */
  async position(reader: string): Promise<string> {
    checkUserIds(reader);
    const partition = this.redis.keys.partitionOf(reader);
    const place = (await this.partitions[partition]?.end()) ?? BEGINNING;
    return formatPosition({ partition, place });
  }

  /**
   * Begins to tell of a reader: from now on, or since a position that an earlier update had, also one of another hub. A
   * position that is none, or too old, leads to `resync`. When it resolves, nothing that happens from then on is missed.
   *
   * @throws InvalidUserIdError, StorageUnavailableError
   */
  async connect(reader: string, listener: LiveListener, since?: string): Promise<LiveSubscription> {
    checkUserIds(reader);
    const home = this.redis.keys.partitionOf(reader);
    const position = since === undefined ? undefined : parsePosition(since);
    const isOurs = position?.partition === home;
    const isLost = since !== undefined && !isOurs;
    const connection = new LiveConnection(reader, listener, isOurs ? position.place : undefined, isLost);
    // Before the reader is attached, so that nobody who leaves meanwhile takes the reader with them.
    this.partitions[home]?.add(connection);
    try {
      await this.keeper.attach(reader);
    } catch (error) {
      this.disconnect(connection);
      throw error;
    }
    this.partitions[home]?.begin(connection);
    return {
      get position() {
        const { place } = connection;
        return place === undefined ? undefined : formatPosition({ partition: home, place });
      },
      goOn: () => {
        this.partitions[home]?.goOn();
      },
      close: () => {
        this.disconnect(connection);
      },
    };
  }

  /** Tells nobody anything more; within `NOTIFIER_LIFETIME_MS` the hub is forgotten. */
  async close(): Promise<void> {
    this.keeper.stop();
    await Promise.all(this.partitions.map(async (partition) => partition.close()));
  }

  private disconnect(connection: LiveConnection): void {
    const { reader } = connection;
    const partition = this.partitions[this.redis.keys.partitionOf(reader)];
    if (connection.isClosed || partition === undefined) return;
    partition.remove(connection);
    if (!partition.hasReader(reader)) void this.keeper.detach(reader);
  }

  private partitionAt(event: string): LivePartition | undefined {
    return this.partitions[parsePosition(event)?.partition ?? -1];
  }
}
