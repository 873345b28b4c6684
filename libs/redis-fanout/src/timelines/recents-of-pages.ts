import { type FanoutSettings, maxRecent } from '../options.js';
import type { PartitionCommand, PartitionedRedis } from '../redis/partitioned.js';
import { FlooredList, type ListLocation } from './floored-list.js';
import { LargeAuthors } from './large-authors.js';
import { RecentLists } from './recent-lists.js';

/** At least so many ids of each large author are needed at first: of a page that 20 of them fill, hardly one has more. */
const MIN_NEEDED = 8;
/** At least so many are read, as what is read is kept for others. */
const MIN_READ = 24;

/** Which part of a timeline a page is. */
export interface PagePart {
  /** Where in a short list a later page goes on is not known: it needs all of it. */
  readonly isFirst: boolean;
  /** How many ids are looked for at first. */
  readonly wanted: number;
}

/** The look of one page at the lists of its reader's large authors. */
export interface RecentsLook {
  /** To be asked for after the timeline, so that nothing in that is newer than what the lists are to have. */
  readonly key: string;
  /** To be sent after the look at that key. */
  readonly commands: readonly PartitionCommand[];
  /**
   * The lists, as they were at the time of the look or later: by the timeline's construction, what the look has shown, and
   * the answers to the commands. Takes a round trip more for what has changed, for who the authors are, and for their lists,
   * where that is not kept.
   *
   * @throws StorageUnavailableError
   */
  readonly lists: (
    construction: string | undefined,
    change: string | null,
    replies: readonly unknown[],
  ) => Promise<FlooredList[]>;
}

/** Finds the `recent` lists that a page is merged from: those of the reader's large authors. */
export class RecentsOfPages {
  private readonly recents: RecentLists;
  private readonly largeAuthors: LargeAuthors;

  constructor(
    private readonly redis: PartitionedRedis,
    private readonly settings: FanoutSettings,
  ) {
    this.recents = new RecentLists(redis);
    this.largeAuthors = new LargeAuthors(redis, this.recents);
  }

  look(reader: string, page: PagePart): RecentsLook {
    const { keys } = this.redis;
    const partition = keys.partitionOf(reader);
    const large = this.largeAuthors.look(reader);
    const seen = this.recents.changes.lastOf(partition);
    const part = this.partOf(page, large.kept.length);
    const kept = this.keptOf(large.kept, part);
    const read = unread(large.kept, kept, part);
    return {
      key: keys.recentChanged(partition),
      commands: [...large.commands, ...read.map((list) => list.command())],
      lists: async (construction, change, replies) => {
        acceptAll(read, replies.slice(large.commands.length));
        await this.takeIntoAccount(partition, change);
        for (const list of read) this.recents.keep(list, change);
        const locations = await large.lists(construction, change, replies);
        // What was found before the look holds where nothing has changed between.
        const known = new Map([...(change === seen ? kept : []), ...byKey(read)]);
        return this.listsAt(locations, known, page);
      },
    };
  }

  /** What is kept of a partition holds as of a look from then on. */
  private async takeIntoAccount(partition: number, change: string | null): Promise<void> {
    const { changes } = this.recents;
    changes.begin(partition, change);
    if (changes.isOutdated(partition, change)) await changes.catchUp(partition);
  }

  /** Lists that are known, and otherwise those that are kept; the others are read now. */
  private async listsAt(
    locations: readonly ListLocation[],
    known: ReadonlyMap<string, FlooredList>,
    page: PagePart,
  ): Promise<FlooredList[]> {
    const [first] = locations;
    if (first === undefined) return [];
    const part = this.partOf(page, locations.length);
    const others = locations.filter(({ key }) => !known.has(key));
    const kept = this.keptOf(others, part);
    const missing = unread(others, kept, part);
    if (missing.length > 0) {
      const change = this.recents.changes.lastOf(first.partition);
      acceptAll(missing, await this.redis.pipeline(missing.map((list) => list.command())));
      for (const list of missing) this.recents.keep(list, change);
    }
    const found = new Map([...known, ...kept, ...byKey(missing)]);
    return locations.flatMap(({ key }) => found.get(key) ?? []);
  }

  /** Those of some lists that are kept, as far as they are needed, by their keys. */
  private keptOf(locations: readonly ListLocation[], { needed }: PartOfLists): Map<string, FlooredList> {
    return byKey(locations.flatMap((location) => this.recents.get(location, needed) ?? []));
  }

  private partOf({ isFirst, wanted }: PagePart, lists: number): PartOfLists {
    if (!isFirst) return { needed: Infinity, read: 2 * maxRecent(this.settings) };
    // Twice the even share: with less most lists would have to be read again.
    const share = Math.max(MIN_NEEDED, Math.ceil((2 * wanted) / Math.max(1, lists)));
    const needed = Math.min(wanted, share);
    return { needed, read: Math.max(needed, MIN_READ) };
  }
}

/** How many ids of each list are needed at first, and how many are read where these are not kept. */
interface PartOfLists {
  readonly needed: number;
  readonly read: number;
}

/** Those of some lists that are not kept. */
function unread(
  locations: readonly ListLocation[],
  kept: ReadonlyMap<string, FlooredList>,
  { read }: PartOfLists,
): FlooredList[] {
  return locations.filter(({ key }) => !kept.has(key)).map((location) => new FlooredList(location, read));
}

function byKey(lists: readonly FlooredList[]): Map<string, FlooredList> {
  return new Map(lists.map((list) => [list.location.key, list]));
}

/** Gives lists the answers to their commands. */
function acceptAll(lists: readonly FlooredList[], replies: readonly unknown[]): void {
  lists.forEach((list, i) => {
    list.accept(replies[i] as string[]);
  });
}
