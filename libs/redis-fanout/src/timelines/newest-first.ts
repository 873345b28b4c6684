import type { PartitionedRedis } from '../redis/partitioned.js';
import { AuthorList, readAuthorLists } from './author-lists.js';
import { FlooredList } from './floored-list.js';

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
  private readonly lists: (FlooredList | AuthorList)[];
  private below: string;
  private readonly above: string;

  constructor(
    private readonly redis: PartitionedRedis,
    lists: readonly (FlooredList | AuthorList)[],
    range: IdRange,
    /** The lists that go on below an id where a list ended at a floor. */
    private readonly beneath: (list: FlooredList, below: string) => Promise<readonly AuthorList[]>,
  ) {
    this.lists = [...lists];
    this.below = range.below;
    this.above = range.above;
  }

  /** The next ids, as many as wanted; fewer only where there are no more. */
  async take(wanted: number): Promise<string[]> {
    for (;;) {
      const candidates = this.candidates(wanted);
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

  /** The newest ids that are known, so many at most. */
  private candidates(wanted: number): string[] {
    const lists = this.lists.map(({ ids }) => ids);
    const places = lists.map((ids) => placeBelow(ids, this.below));
    const heads = lists.map((ids, i) => ids[places[i] ?? 0] ?? '');
    const found: string[] = [];
    while (found.length < wanted) {
      let list = -1;
      let newest = this.above;
      for (let i = 0; i < heads.length; i++) {
        const id = heads[i] ?? '';
        if (id > newest) [list, newest] = [i, id];
      }
      if (list < 0) break;
      const place = (places[list] ?? 0) + 1;
      places[list] = place;
      heads[list] = lists[list]?.[place] ?? '';
      if (newest !== found.at(-1)) found.push(newest);
    }
    return found;
  }

  /** Reads on in every list that is not known down to an id. */
  private async readBelow(id: string): Promise<void> {
    const short = this.lists.filter((list) => list.line > id);
    const floored = short.filter((list) => list instanceof FlooredList);
    const open = floored.filter((list) => list.floor === undefined);
    for (const list of floored) if (list.floor !== undefined) await this.goBeneath(list);
    await Promise.all([
      this.readFloored(open),
      readAuthorLists(
        this.redis,
        short.filter((list) => list instanceof AuthorList),
      ),
    ]);
  }

  private async goBeneath(list: FlooredList): Promise<void> {
    const below = list.belowFloor;
    list.floor = '';
    this.lists.push(...(await this.beneath(list, below < this.below ? below : this.below)));
  }

  private async readFloored(lists: readonly FlooredList[]): Promise<void> {
    if (lists.length === 0) return;
    const replies = await this.redis.pipeline(lists.map((list) => list.command()));
    lists.forEach((list, i) => {
      list.accept(replies[i] as string[]);
    });
  }
}

/** The place of the first of some ids, newest first, that is below another one. */
function placeBelow(ids: readonly string[], below: string): number {
  const place = ids.findIndex((id) => id < below);
  return place < 0 ? ids.length : place;
}
