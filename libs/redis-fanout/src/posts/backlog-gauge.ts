import type { PartitionedRedis } from '../redis/partitioned.js';

/** How old the other partitions' figures may be before they are looked up again. */
const FRESH_MS = 1000;

/** What is known of one outbox. */
interface Outbox {
  /** Events that no worker has acknowledged. */
  backlog: number;
  /** Entries beside those: acknowledged, but not trimmed as an older one is not. */
  surplus: number;
}

/**
 * Turns the limit on all events that wait for the fan-out into a limit for the length of one partition's outbox, so
 * that one script can hold to it. It knows the backlogs of the other partitions from a look at most a second old and
 * from what was published through this process since; several processes may together exceed the limit by what they
 * take in a second, and requests at the same time by their number.
 */
export class BacklogGauge {
  private readonly outboxes: Outbox[];
  private lookedAtMs = 0;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly redis: PartitionedRedis,
    private readonly maxBacklog: number,
    private readonly group: string,
  ) {
    this.outboxes = Array.from({ length: redis.keys.partitions }, () => ({ backlog: 0, surplus: 0 }));
  }

  /** How long a partition's outbox may be, going by what is known. */
  limit(partition: number): number {
    if (Date.now() - this.lookedAtMs > FRESH_MS) this.look().catch(() => undefined);
    const others = this.outboxes.reduce((sum, { backlog }, i) => (i === partition ? sum : sum + backlog), 0);
    return Math.max(0, this.maxBacklog - others) + (this.outboxes[partition]?.surplus ?? 0);
  }

  /** Takes note of the length of an outbox that a script saw. */
  note(partition: number, length: number): void {
    const outbox = this.outboxes[partition];
    if (outbox !== undefined) outbox.backlog = Math.max(0, length - outbox.surplus);
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
    const { keys } = this.redis;
    const lengths = (await this.redis.pipeline(
      this.outboxes.map((_, partition) => ({ partition, command: ['XLEN', keys.outbox(partition)] })),
    )) as number[];
    const filled = lengths.flatMap((length, partition) => (length > 0 ? [partition] : []));
    const groups = (await this.redis.pipeline(
      filled.map((partition) => ({ partition, command: ['XINFO', 'GROUPS', keys.outbox(partition)] })),
    )) as unknown[][][];
    lengths.forEach((length, partition) => {
      const backlog = backlogOf(length, groups[filled.indexOf(partition)] ?? [], this.group);
      this.outboxes[partition] = { backlog, surplus: length - backlog };
    });
  }
}

/** What a group has not acknowledged of a stream; all of it where there is no such group yet. */
function backlogOf(length: number, groups: readonly unknown[][], group: string): number {
  const facts = groups.find((fields) => fields[fields.indexOf('name') + 1] === group);
  if (facts === undefined) return length;
  const pending = Number(facts[facts.indexOf('pending') + 1]);
  // Unknown after deletions; too large after a restart of Redis 7.0.
  const lag = facts[facts.indexOf('lag') + 1] ?? length;
  return Math.min(length, pending + Number(lag));
}
