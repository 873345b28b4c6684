import type { PartitionedRedis } from '../redis/partitioned.js';

/** How old the other partitions' figures may be before they are looked up again. */
const FRESH_MS = 1000;

/**
 * Turns the limit on all events that wait for the fan-out into a limit for one partition's outbox, so that one script
 * can hold to it. It knows the backlogs of the other partitions from a look at most a second old and from what was
 * published through this process since; several processes may together exceed the limit by what they take in a second.
 */
export class BacklogGauge {
  private readonly backlogs: number[];
  private lookedAtMs = 0;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly redis: PartitionedRedis,
    private readonly maxBacklog: number,
  ) {
    this.backlogs = new Array<number>(redis.keys.partitions).fill(0);
  }

  /** How many events may wait in a partition's outbox, going by what is known. */
  limit(partition: number): number {
    if (Date.now() - this.lookedAtMs > FRESH_MS) this.look().catch(() => undefined);
    const others = this.backlogs.reduce((sum, backlog, i) => (i === partition ? sum : sum + backlog), 0);
    return Math.max(0, this.maxBacklog - others);
  }

  /** Takes note of what a script saw. */
  note(partition: number, backlog: number): void {
    this.backlogs[partition] = backlog;
  }

  /** Looks up all backlogs. */
  async look(): Promise<void> {
    this.looking ??= this.readBacklogs().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async readBacklogs(): Promise<void> {
    // Not again before this one is through, also where it fails.
    this.lookedAtMs = Date.now();
    const lengths = await this.redis.pipeline(
      this.backlogs.map((_, partition) => ({
        partition,
        command: ['XLEN', this.redis.keys.outbox(partition)],
      })),
    );
    lengths.forEach((length, partition) => {
      this.backlogs[partition] = Number(length);
    });
  }
}
