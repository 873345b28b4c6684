import { LRUCache } from 'lru-cache';

import type { PartitionCommand, PartitionedRedis } from '../redis/partitioned.js';
import { parseFirstEntry } from './first-entry.js';
import type { ListLocation } from './floored-list.js';
import type { RecentLists } from './recent-lists.js';

/** Readers of whom it is kept who their large authors are. */
const MAX_READERS = 50_000;

/** The `recent` lists of a reader's large authors, and what they were found by: they are the same as long as both are. */
interface Found {
  readonly lists: readonly ListLocation[];
  /** See `RecentLists.epochOf`. */
  readonly epoch: string;
  /** The construction of the timeline, which is another one when it changes whom the reader follows. */
  readonly construction: string;
}

/** Asks who a reader's large authors are. */
export interface LargeAuthorsLook {
  /** The `recent` lists of who they were the last time; none where that is not kept. */
  readonly kept: readonly ListLocation[];
  /** To be sent after the look at `recentChanged`: who had become large by then is among them. */
  readonly commands: readonly PartitionCommand[];
  /**
   * Their `recent` lists, by the timeline's construction, the change that the look has shown, which has been taken into
   * account by now, and the answers to the commands. Asks again where that has changed.
   */
  readonly lists: (
    construction: string | undefined,
    change: string | null,
    replies: readonly unknown[],
  ) => Promise<readonly ListLocation[]>;
}

/**
 * Finds out which large authors a reader follows: those whose posts are read from their `recent` lists. Who they are is
 * kept, as to intersect whom the reader follows and who is pulled takes half as long as to read the timeline. Where there are
 * none in the partition, nobody is asked for.
 */
export class LargeAuthors {
  private readonly found = new LRUCache<string, Found>({ max: MAX_READERS });
  /** Partitions in which nobody was large, with the epoch that this holds for. */
  private readonly nobody = new Map<number, string>();

  constructor(
    private readonly redis: PartitionedRedis,
    private readonly recents: RecentLists,
  ) {}

  look(reader: string): LargeAuthorsLook {
    const { keys } = this.redis;
    const { changes } = this.recents;
    const partition = keys.partitionOf(reader);
    const find: PartitionCommand = {
      partition,
      command: ['SINTER', keys.following(reader), keys.pulled(partition)],
    };
    const first: PartitionCommand = { partition, command: ['LINDEX', keys.timeline(reader), 0] };
    const count: PartitionCommand = { partition, command: ['SCARD', keys.pulled(partition)] };
    const epoch = this.recents.epochOf(partition);
    const isNobody = this.nobody.get(partition) === epoch;
    const found = this.found.get(reader);
    const kept = found?.epoch === epoch ? found : undefined;
    const isKnown = isNobody || kept !== undefined;
    return {
      kept: kept?.lists ?? [],
      commands: isKnown ? [] : [find, count],
      lists: async (construction, change, replies) => {
        if (!isKnown) {
          const [authors, large] = replies as [string[], number];
          if (large === 0 && this.isCurrent(partition, change)) {
            this.nobody.set(partition, this.recents.epochOf(partition));
          }
          return this.keep(reader, construction, change, authors);
        }
        if (this.recents.epochOf(partition) === epoch) {
          if (isNobody) return [];
          if (kept !== undefined && kept.construction === construction) return kept.lists;
        }
        const before = changes.lastOf(partition) ?? null;
        const [entry, authors] = (await this.redis.pipeline([first, find])) as [string | null, string[]];
        return this.keep(reader, parseFirstEntry(entry ?? '').construction, before, authors);
      },
    };
  }

  /**
   * What they were found by was read before them. They are kept unless changes were taken into account since that they may
   * not know of.
   */
  private keep(
    reader: string,
    construction: string | undefined,
    change: string | null,
    authors: readonly string[],
  ): readonly ListLocation[] {
    const { keys } = this.redis;
    const partition = keys.partitionOf(reader);
    const lists = authors.map((author) => ({ partition, key: keys.recent(partition, author) }));
    if (construction !== undefined && this.isCurrent(partition, change)) {
      this.found.set(reader, { lists, epoch: this.recents.epochOf(partition), construction });
    }
    return lists;
  }

  /** Whether what was read after a look knows of all changes that are taken into account. */
  private isCurrent(partition: number, change: string | null): boolean {
    return change !== null && !this.recents.changes.isOutdated(partition, change);
  }
}
