import type { PartitionedRedis } from '../redis/partitioned.js';
import type { IdList } from './id-list.js';

/** Between which ids to look; both bounds are outside. */
export interface IdRange {
  /** `'~'` for no bound. */
  readonly below: string;
  /** `''` for no bound. */
  readonly above: string;
}

/**
 * Merges lists of ids, newest first and each id once, reading of each list only what is needed: a merge goes down to
 * the line to which every list is known, and the lists that hold it up are read further.
 */
export class NewestFirst {
  private lists: IdList[];
  private below: string;
  private readonly above: string;

  constructor(
    private readonly redis: PartitionedRedis,
    lists: readonly IdList[],
    range: IdRange,
    /** The lists that go on where a list ended at a floor. */
    private readonly beneath: (list: IdList) => Promise<readonly IdList[]>,
  ) {
    this.lists = [...lists];
    this.below = range.below;
    this.above = range.above;
  }

  /** The next ids, as many as wanted; fewer only where there are no more. */
  async take(wanted: number): Promise<string[]> {
    for (;;) {
      const candidates = this.candidates();
      const line = this.lists.reduce((highest, list) => (list.line > highest ? list.line : highest), '');
      const safe = candidates.filter((id) => id >= line);
      if (safe.length >= wanted || line <= this.above) {
        const taken = safe.slice(0, wanted);
        this.below = taken.at(-1) ?? this.below;
        return taken;
      }
      await this.readBelow(candidates[wanted - 1] ?? this.above);
    }
  }

  private candidates(): string[] {
    const ids = new Set<string>();
    for (const list of this.lists) {
      for (const id of list.ids) if (id < this.below && id > this.above) ids.add(id);
    }
    return [...ids].sort().reverse();
  }

  /** Reads on in every list that is not known down to an id. */
  private async readBelow(id: string): Promise<void> {
    const short = this.lists.filter((list) => list.line > id);
    const [ended, open] = [
      short.filter((list) => list.floor),
      short.filter((list) => list.floor === undefined),
    ];
    for (const list of ended) {
      list.floor = '';
      this.lists.push(...(await this.beneath(list)));
    }
    if (open.length === 0) return;
    const replies = await this.redis.pipeline(open.map((list) => list.command()));
    open.forEach((list, i) => {
      list.accept(replies[i] as string[]);
    });
  }
}
