import { LRUCache } from 'lru-cache';

import type { PartitionCommand, PartitionedRedis } from '../redis/partitioned.js';
import { parseFirstEntry } from './first-entry.js';

/** Readers of whom it is kept who their large authors are. */
const MAX_READERS = 50_000;

/** The large authors of a reader, and what they were found by: they are the same as long as both are. */
interface Found {
  readonly authors: readonly string[];
  /** How many authors are pulled in the partition. There can only be more. */
  readonly pulled: number;
  /** The construction of the timeline, which is another one when it changes whom the reader follows. */
  readonly construction: string;
}

/** Asks who a reader's large authors are. */
export interface LargeAuthorsLook {
  /** Who they were the last time; nobody where that is not kept. */
  readonly kept: readonly string[];
  /** To be sent after what reads the timeline and its first entry: whose posts were put aside by then is among them. */
  readonly commands: readonly PartitionCommand[];
  /** Who they are, by the timeline's construction and the answers to the commands. Asks again where that has changed. */
  readonly authors: (
    construction: string | undefined,
    replies: readonly unknown[],
  ) => Promise<readonly string[]>;
}

/**
 * Finds out which large authors a reader follows: those whose posts are read from their `recent` lists. Who they are is
 * kept, as to intersect whom the reader follows and who is pulled takes half as long as to read the timeline.
 */
export class LargeAuthors {
  private readonly found = new LRUCache<string, Found>({ max: MAX_READERS });

  constructor(private readonly redis: PartitionedRedis) {}

  look(reader: string): LargeAuthorsLook {
    const { keys } = this.redis;
    const partition = keys.partitionOf(reader);
    const count: PartitionCommand = { partition, command: ['SCARD', keys.pulled(partition)] };
    const find: PartitionCommand = {
      partition,
      command: ['SINTER', keys.following(reader), keys.pulled(partition)],
    };
    const first: PartitionCommand = { partition, command: ['LINDEX', keys.timeline(reader), 0] };
    const kept = this.found.get(reader);
    return {
      kept: kept?.authors ?? [],
      commands: kept === undefined ? [count, find] : [count],
      authors: async (construction, replies) => {
        const [pulled, authors] = replies as [number, string[]];
        if (pulled === 0) return this.keep(reader, construction, pulled, []);
        if (kept === undefined) return this.keep(reader, construction, pulled, authors);
        if (kept.construction === construction && kept.pulled === pulled) return kept.authors;
        const [entry, ...answers] = await this.redis.pipeline([first, count, find]);
        const now = parseFirstEntry((entry as string | null) ?? '').construction;
        return this.keep(reader, now, ...(answers as [number, string[]]));
      },
    };
  }

  /** What they were found by was read before them: where it changed between, it is out of date already. */
  private keep(
    reader: string,
    construction: string | undefined,
    pulled: number,
    authors: readonly string[],
  ): readonly string[] {
    if (construction !== undefined) this.found.set(reader, { authors, pulled, construction });
    return authors;
  }
}
