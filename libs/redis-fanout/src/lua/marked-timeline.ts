/** A live timeline that is marked till posts are brought in. */
export interface MarkedTimeline {
  /** What shows that nobody else has taken over meanwhile. */
  readonly mark: string;
  readonly floor: string;
}

/** Reads the answer of the scripts that may mark a timeline; undefined where there is none to bring posts into. */
export function markedTimeline([outcome, mark, floor]: readonly string[]): MarkedTimeline | undefined {
  if (outcome !== 'marked' || mark === undefined || floor === undefined) return undefined;
  return { mark, floor };
}
