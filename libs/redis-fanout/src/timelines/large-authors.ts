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
 * kept, as to intersect whom the reader follows and who is pulled takes half as long as to read the timeline.
 */
export class LargeAuthors {
  private readonly found = new LRUCache<string, Found>({ max: MAX_READERS });

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
    const found = this.found.get(reader);
    const kept = found?.epoch === this.recents.epochOf(partition) ? found : undefined;
    return {
      kept: kept?.lists ?? [],
      commands: kept === undefined ? [find] : [],
      lists: async (construction, change, replies) => {
        if (kept === undefined) return this.keep(reader, construction, change, replies[0] as string[]);
        if (kept.construction === construction && kept.epoch === this.recents.epochOf(partition))
          return kept.lists;
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
    const isCurrent = change !== null && !this.recents.changes.isOutdated(partition, change);
    if (construction !== undefined && isCurrent) {
      this.found.set(reader, { lists, epoch: this.recents.epochOf(partition), construction });
    }
    return lists;
  }
}
