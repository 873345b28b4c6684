import type { Disorder } from './disorder.js';

/** What is wrong with one list: ids each. */
export interface ListFindings extends Disorder {
  /** Posts that belong into the list and are not there, though their delivery is recorded. */
  readonly holes: readonly string[];
  /** Entries that belong to nobody whom the list is of, or to no post at all. */
  readonly strangers: readonly string[];
}

/** What is wrong with the `recent` list of an author with many followers, which all of a partition's readers share. */
export interface RecentFindings extends ListFindings {
  readonly author: string;
}

/** What is wrong with a reader's timeline. */
export interface TimelineFindings extends ListFindings {
  readonly reader: string;
  /** `cold`: there is none, the next read builds it. `building`: it is no timeline yet. Of both nothing is judged. */
  readonly state: 'cold' | 'building' | 'live';
  /** How many posts it holds. */
  readonly entries: number;
  /**
   * The damaged ones among the `recent` lists that the reader's pages are merged from. An id that is missing may be missing
   * in either list, so it is named as a hole of both.
   */
  readonly recents: readonly RecentFindings[];
  /** Whether nothing is wrong. */
  readonly isSound: boolean;
}

const NOTHING: ListFindings = { holes: [], doubles: [], strangers: [], misplaced: [] };

export function isSoundList({ holes, doubles, strangers, misplaced }: ListFindings): boolean {
  return holes.length + doubles.length + strangers.length + misplaced.length === 0;
}

/** The findings of a timeline; of its `recent` lists those stay that are damaged. */
export function timelineFindings(
  of: Pick<TimelineFindings, 'reader' | 'state' | 'entries'>,
  timeline: ListFindings = NOTHING,
  recents: readonly RecentFindings[] = [],
): TimelineFindings {
  const damaged = recents.filter((recent) => !isSoundList(recent));
  return { ...of, ...timeline, recents: damaged, isSound: isSoundList(timeline) && damaged.length === 0 };
}

/** What two looks have both found; the rest as the second one has it. */
export function foundTwice(first: TimelineFindings, second: TimelineFindings): TimelineFindings {
  const recents = second.recents.map((recent) => {
    const before = first.recents.find(({ author }) => author === recent.author) ?? NOTHING;
    return { author: recent.author, ...inBoth(before, recent) };
  });
  const { reader, state, entries } = second;
  return timelineFindings({ reader, state, entries }, inBoth(first, second), recents);
}

function inBoth(first: ListFindings, second: ListFindings): ListFindings {
  const both = (kind: keyof ListFindings): string[] => {
    const before = new Set(first[kind]);
    return second[kind].filter((id) => before.has(id));
  };
  return {
    holes: both('holes'),
    doubles: both('doubles'),
    strangers: both('strangers'),
    misplaced: both('misplaced'),
  };
}
