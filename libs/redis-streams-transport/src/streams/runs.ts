import { decodeEvent, type StreamEntry } from './stream-entry.js';

/** Entries in a row with the same pattern: what one call of a handler gets. */
export interface Run {
  readonly pattern: string;
  readonly entries: readonly StreamEntry[];
  /** The data of each entry. */
  readonly data: readonly unknown[];
}

export interface UnreadableEntry {
  readonly entry: StreamEntry;
  readonly error: unknown;
}

/** Parts a batch into runs, in its order. Entries that cannot be read are put aside and part nothing. */
export function toRuns(entries: readonly StreamEntry[]): { runs: Run[]; unreadable: UnreadableEntry[] } {
  const runs: { pattern: string; entries: StreamEntry[]; data: unknown[] }[] = [];
  const unreadable: UnreadableEntry[] = [];
  for (const entry of entries) {
    try {
      const { pattern, data } = decodeEvent(entry.fields);
      let run = runs.at(-1);
      if (run?.pattern !== pattern) runs.push((run = { pattern, entries: [], data: [] }));
      run.entries.push(entry);
      run.data.push(data);
    } catch (error) {
      unreadable.push({ entry, error });
    }
  }
  return { runs, unreadable };
}
