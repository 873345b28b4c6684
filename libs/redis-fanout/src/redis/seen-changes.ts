import { randomUUID } from 'node:crypto';

import { SharedWork } from '../shared-work.js';
import type { PartitionedRedis } from './partitioned.js';

/** Where the changes of one kind are noted in a partition, by `note-change.lua`. */
export interface ChangeKeys {
  /** The last one. */
  readonly changed: string;
  /** The last thousand or so. */
  readonly changes: string;
}

/**
 * Which of the changes that scripts note in every partition a process has taken into account, for whoever keeps in the
 * process what lies in Redis. A change is noted in the step that makes it. So every read looks at the last one of each
 * partition that it needs; what is kept holds while that is the one taken into account.
 */
export class SeenChanges {
  private readonly last = new Map<number, string>();
  private readonly generations = new Map<number, number>();
  private readonly catchingUp = new SharedWork<void>(async (partition) => this.follow(Number(partition)));

  constructor(
    private readonly redis: PartitionedRedis,
    private readonly keysOf: (partition: number) => ChangeKeys,
    /** Called with the fields of each change that is taken into account. */
    private readonly forget: (partition: number, fields: readonly string[]) => void,
  ) {}

  /** The last change of a partition that is taken into account; undefined before the first look. */
  lastOf(partition: number): string | undefined {
    return this.last.get(partition);
  }

  /** Another number as soon as all that is kept of a partition may be out of date. */
  generationOf(partition: number): number {
    return this.generations.get(partition) ?? 0;
  }

  /** Takes the first look at a partition for granted: nothing of it is kept yet. */
  begin(partition: number, change: string | null): void {
    if (change !== null && !this.last.has(partition)) this.last.set(partition, change);
  }

  /** Whether a look has shown another change than the one taken into account. */
  isOutdated(partition: number, change: string | null): boolean {
    return this.last.get(partition) !== change;
  }

  /** Takes into account what there is by now. @throws StorageUnavailableError */
  async catchUp(partition: number): Promise<void> {
    return this.catchingUp.do(String(partition));
  }

  private async follow(partition: number): Promise<void> {
    const { changed, changes } = this.keysOf(partition);
    const before = this.last.get(partition);
    const from = before !== undefined && /^\d+-\d+$/.test(before) ? before : '-';
    const [last, noted] = (await this.redis.pipeline([
      { partition, command: ['GET', changed] },
      { partition, command: ['XRANGE', changes, from, '+'] },
    ])) as [string | null, [entry: string, fields: string[]][]];
    const newest = noted.at(-1);
    if (newest !== undefined && from !== '-' && noted[0]?.[0] === from) {
      for (const [, fields] of noted.slice(1)) this.forget(partition, fields);
      this.last.set(partition, newest[0]);
      return;
    }
    this.generations.set(partition, this.generationOf(partition) + 1);
    const beginning = last ?? (await this.noteBeginning(partition, changed));
    if (beginning === undefined) this.last.delete(partition);
    else this.last.set(partition, beginning);
  }

  /**
   * Where nothing was noted ever, nobody could tell a Redis that has lost its data from one in which nothing has changed: so a
   * beginning is noted. Answers it; undefined where Redis takes nothing more, as reading goes on then, and nothing is kept.
   */
  private async noteBeginning(partition: number, changed: string): Promise<string | undefined> {
    const beginning = randomUUID();
    const command = ['SET', changed, beginning, 'NX', 'GET'] as const;
    try {
      const [before] = (await this.redis.pipeline([{ partition, command }])) as [string | null];
      return before ?? beginning;
    } catch {
      return undefined;
    }
  }
}
