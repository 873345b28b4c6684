import { attachReaders } from '../lua/attach-readers.js';
import { detachReaders } from '../lua/detach-readers.js';
import { type NotifierState, renewNotifier } from '../lua/renew-notifier.js';
import { type PartitionedRedis, unavailableAsSuch } from '../redis/partitioned.js';

/** A notifier that was not heard of for so long is taken for dead, and its readers for not connected to it. */
export const NOTIFIER_LIFETIME_MS = 30_000;
/** Readers of one script call at most. */
const MAX_READERS = 1000;

/** Which readers are connected, to which notifiers: what decides whom a delivery is told. */
export class Presence {
  /** Where the walk through the connected readers of each partition is, which forgets dead notifiers. */
  private readonly cursors = new Map<number, string>();

  constructor(private readonly redis: PartitionedRedis) {}

  /** The channels on which a notifier hears what enters the timelines of its readers, one for each partition. */
  channels(notifier: string): string[] {
    const { keys } = this.redis;
    return Array.from({ length: keys.partitions }, (_, partition) => keys.live(partition, notifier));
  }

  /**
   * Says that a notifier lives; to be said again well within `NOTIFIER_LIFETIME_MS`. Answers how it stands in each
   * partition: where it was not known to live its readers may have been forgotten, and what was delivered not told.
   * Forgets some of the notifiers that do not live any more, with their readers.
   */
  async renew(notifier: string): Promise<NotifierState[]> {
    const states = Array.from({ length: this.redis.keys.partitions }, async (_, partition) =>
      this.renewIn(partition, notifier),
    );
    return unavailableAsSuch(Promise.all(states));
  }

  /** Notes that a notifier holds connections of readers: deliveries that begin from now on are told to it. */
  async attach(notifier: string, readers: readonly string[]): Promise<void> {
    await this.inPartitions(readers, (partition, names) =>
      attachReaders(
        this.redis.client,
        { online: this.redis.keys.online(partition), guard: this.redis.keys.guard(partition) },
        { notifier, notifierStem: this.redis.keys.notifier(partition) },
        names,
      ),
    );
  }

  /** Notes that a notifier holds no connection of readers any more. */
  async detach(notifier: string, readers: readonly string[]): Promise<void> {
    await this.inPartitions(readers, (partition, names) =>
      detachReaders(this.redis.client, { online: this.redis.keys.online(partition) }, { notifier }, names),
    );
  }

  private async renewIn(partition: number, notifier: string): Promise<NotifierState> {
    const { client, keys } = this.redis;
    const names = {
      notifier: keys.notifier(partition, notifier),
      deliveries: keys.deliveries(partition),
      online: keys.online(partition),
      guard: keys.guard(partition),
    };
    const { state, cursor } = await renewNotifier(client, names, {
      lifetimeMs: NOTIFIER_LIFETIME_MS,
      notifierStem: keys.notifier(partition),
      cursor: this.cursors.get(partition) ?? '0',
    });
    this.cursors.set(partition, cursor);
    return state;
  }

  private async inPartitions(
    readers: readonly string[],
    run: (partition: number, readers: readonly string[]) => Promise<unknown>,
  ): Promise<void> {
    const byPartition = new Map<number, string[]>();
    for (const reader of readers) {
      const partition = this.redis.keys.partitionOf(reader);
      const group = byPartition.get(partition);
      if (group === undefined) byPartition.set(partition, [reader]);
      else group.push(reader);
    }
    // All at once: what is sent later overtakes nothing of it.
    const calls = [...byPartition].flatMap(([partition, group]) =>
      Array.from({ length: Math.ceil(group.length / MAX_READERS) }, async (_, i) =>
        run(partition, group.slice(i * MAX_READERS, (i + 1) * MAX_READERS)),
      ),
    );
    await unavailableAsSuch(Promise.all(calls));
  }
}
