import { isStorageUnavailable } from '../errors.js';
import { dropIdleTimelines } from '../lua/drop-idle-timelines.js';
import type { FanoutSettings } from '../options.js';
import type { PartitionedRedis } from '../redis/partitioned.js';
import { reportError } from '../report-error.js';

/** A partition is looked at once in so long at most, or in a hundredth of the idle time where that is less. */
const MAX_INTERVAL_MS = 60_000;
/** Timelines that one call drops at most. */
const AT_ONCE = 100;

/** Drops timelines that nobody has read for long, where others are read or posts are delivered. */
export class IdleTimelines {
  private readonly intervalMs: number;
  /** When each partition is to be looked at, by the monotonic clock. */
  private readonly due: number[];

  constructor(
    private readonly redis: PartitionedRedis,
    private readonly settings: FanoutSettings,
  ) {
    this.intervalMs = Math.min(MAX_INTERVAL_MS, 10 * settings.timelineIdleSeconds);
    const first = performance.now() + this.intervalMs;
    this.due = Array.from({ length: redis.keys.partitions }, () => first);
  }

  /** Drops those of a partition, unless it was looked at just now. Nobody has to wait for it. */
  drop(partition: number): void {
    const now = performance.now();
    if (now < (this.due[partition] ?? Infinity)) return;
    this.due[partition] = now + this.intervalMs;
    this.dropAll(partition).catch((error: unknown) => {
      // The next time will do.
      if (!isStorageUnavailable(error)) reportError({}, error);
    });
  }

  private async dropAll(partition: number): Promise<void> {
    const { client, keys } = this.redis;
    const names = { lastReads: keys.lastReads(partition), guard: keys.guard(partition) };
    const args = {
      idleSeconds: this.settings.timelineIdleSeconds,
      limit: AT_ONCE,
      timelineStem: keys.timelineStem(partition),
    };
    let dropped;
    do {
      dropped = await dropIdleTimelines(client, names, args);
    } while (dropped === AT_ONCE);
  }
}
