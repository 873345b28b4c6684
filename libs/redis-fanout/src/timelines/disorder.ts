/** What is wrong with the order of a list of ids. */
export interface Disorder {
  /** Ids that are there more than once. */
  readonly doubles: readonly string[];
  /** Ids, there once, that are not where they belong. */
  readonly misplaced: readonly string[];
}

/**
 * Looks at the order of a list that should descend and end above its floor. Of several ways to name what is out of place the
 * one with the fewest ids: an old id at the head of a thousand newer ones is one misplaced id, not a thousand.
 */
export function disorderOf(ids: readonly string[], floor: string): Disorder {
  const inPlace = longestDescent(ids);
  const seen = new Set<string>();
  const doubles = new Set<string>();
  for (const id of ids) (seen.has(id) ? doubles : seen).add(id);
  const misplaced = ids.filter((id, i) => !doubles.has(id) && (!inPlace.has(i) || id <= floor));
  return { doubles: [...doubles], misplaced };
}

/** The indexes of a longest part that descends: for each length the run that ends highest is kept ("patience sorting"). */
function longestDescent(ids: readonly string[]): ReadonlySet<number> {
  const ends: number[] = [];
  const before: (number | undefined)[] = [];
  ids.forEach((id, i) => {
    let from = 0;
    let to = ends.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((ids[ends[middle] ?? 0] ?? '') > id) from = middle + 1;
      else to = middle;
    }
    before[i] = ends[from - 1];
    ends[from] = i;
  });
  const indexes = new Set<number>();
  for (let i = ends.at(-1); i !== undefined; i = before[i]) indexes.add(i);
  return indexes;
}
