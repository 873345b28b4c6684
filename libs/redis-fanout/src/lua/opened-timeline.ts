/** A timeline whose entries were taken out, to be finished with others. */
export interface OpenedTimeline {
  /** What shows that nobody else has taken over meanwhile. */
  readonly mark: string;
  /** Newest first. */
  readonly ids: readonly string[];
  readonly floor: string;
}

/** Reads the answer of the scripts that may open a timeline; undefined where there was nothing to open. */
export function openedTimeline([outcome, mark, ...entries]: readonly string[]): OpenedTimeline | undefined {
  const [floor] = entries;
  if (outcome !== 'opened' || mark === undefined || floor === undefined) return undefined;
  return { mark, ids: entries.slice(1).reverse(), floor };
}
