/**
 * What the first entry of a list of ids says. It is the floor; in a timeline `<floor>-<construction>`, where the number of
 * the construction is another one whenever it has changed whom the reader follows. Of a timeline under construction it is
 * `-<construction>`, the mark.
 */
export interface FirstEntry {
  /** Everything above is in the list; `'0'` goes down to the first post of all. A mark stands as it is. */
  readonly floor: string;
  /** Undefined where the list is no live timeline. */
  readonly construction: string | undefined;
}

/** Reads a first entry. See `construction-mark.lua`. */
export function parseFirstEntry(entry: string): FirstEntry {
  const dash = entry.indexOf('-');
  if (dash <= 0) return { floor: entry, construction: undefined };
  return { floor: entry.slice(0, dash), construction: entry.slice(dash + 1) };
}
