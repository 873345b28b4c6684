import { LRUCache } from 'lru-cache';

import type { PartitionedRedis } from '../redis/partitioned.js';
import { SeenChanges } from '../redis/seen-changes.js';
import type { FlooredList, ListLocation } from './floored-list.js';

/** Ids of all kept lists together at most: some 40 bytes each. */
const MAX_IDS = 500_000;

/** A list that is kept. */
interface Kept {
  readonly list: FlooredList;
  /** See `SeenChanges.generationOf`. */
  readonly generation: number;
}

/**
 * Keeps the newest part of `recent` lists in the process, as all readers of a partition share them: what changes a list notes
 * it in the same step, and every page looks once (`SeenChanges`). So it sees whatever was put there before the look, as
 * if nothing were kept.
 */
export class RecentLists {
  /** The look is at `recentChanged` of the reader's partition. */
  readonly changes: SeenChanges;
  private readonly kept = new LRUCache<string, Kept>({
    maxSize: MAX_IDS,
    sizeCalculation: ({ list }) => list.ids.length + 1,
  });
  /** How many authors are known to have become large in a partition. */
  private readonly newcomers = new Map<number, number>();

  constructor(redis: PartitionedRedis) {
    const { keys } = redis;
    this.changes = new SeenChanges(
      redis,
      (partition) => ({
        changed: keys.recentChanged(partition),
        changes: keys.recentChanges(partition),
      }),
      (partition, [, author = '', isNew]) => {
        this.kept.delete(keys.recent(partition, author));
        if (isNew !== undefined) this.newcomers.set(partition, this.newcomersOf(partition) + 1);
      },
    );
  }

  /** Another text as soon as there may be other large authors in a partition. */
  epochOf(partition: number): string {
    return `${this.changes.generationOf(partition)} ${this.newcomersOf(partition)}`;
  }

  /** A list that is kept, of which so many ids are known, or all. It holds as of the last change that is taken into account. */
  get({ partition, key }: ListLocation, least: number): FlooredList | undefined {
    const kept = this.kept.get(key);
    if (kept?.generation !== this.changes.generationOf(partition)) return undefined;
    const { list } = kept;
    return list.floor !== undefined || list.ids.length >= least ? list.copy() : undefined;
  }

  /** Keeps a list that was read after a look, unless changes were taken into account since that it may not know of. */
  keep(list: FlooredList, change: string | null | undefined): void {
    const { partition, key } = list.location;
    if (typeof change !== 'string' || this.changes.isOutdated(partition, change)) return;
    this.kept.set(key, { list: list.copy(), generation: this.changes.generationOf(partition) });
  }

  private newcomersOf(partition: number): number {
    return this.newcomers.get(partition) ?? 0;
  }
}
