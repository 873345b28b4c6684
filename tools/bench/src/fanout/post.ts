/** A post of a workload: posts are numbered in the order in which they are published. */
export interface NumberedPost {
  readonly n: number;
  readonly author: number;
}

/** Ids of those contestants that take them from elsewhere: 16 digits, which is what a score of a sorted set can tell apart. */
const FIRST_ID = 1_800_000_000_000_000;

export function idOf(n: number): string {
  return String(FIRST_ID + n);
}

export function numberOf(id: string): number {
  return Number(id) - FIRST_ID;
}
