import { table } from './markdown.js';
import type { Result } from './rounds.js';
import { turnsOf } from './result-table.js';
import { median, spread, threeDigits } from './statistics.js';

/** What is asked of a figure of ours beside another contestant's. */
export interface Bar<F> {
  readonly what: string;
  readonly ours: string;
  readonly theirs: string;
  readonly figure: (turn: F) => number;
  /** The ratio of ours to theirs is to be at most, or at least, this. */
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** A row for each: the ratio in each round, as the median with the lowest and the highest, and whether the median keeps to the bar. */
export function barTable<F>(results: readonly Result<F>[], bars: readonly Bar<F>[]): string {
  const rows = bars.map((bar) => {
    const ratios = ratiosOf(results, bar.ours, bar.theirs, bar.figure);
    const kept = ratios.length === 0 ? '' : isKept(bar, median(ratios)) ? 'yes' : '**no**';
    return [bar.what, described(bar), ratioCell(ratios), kept];
  });
  return table(['', 'Bar', 'Measured', 'Kept'], rows, [2]);
}

/** Ours to theirs, round by round: what disturbs the machine for a while disturbs both. */
export function ratiosOf<F>(
  results: readonly Result<F>[],
  ours: string,
  theirs: string,
  figure: (turn: F) => number,
): number[] {
  const others = turnsOf(results, theirs);
  return turnsOf(results, ours).flatMap((turn, i) => {
    const other = others[i];
    return other === undefined ? [] : [figure(turn) / figure(other)];
  });
}

/** The median with the lowest and the highest. */
export function ratioCell(ratios: readonly number[]): string {
  return ratios.length === 0 ? 'no figures' : spread(ratios);
}

function isKept<F>({ atMost = Infinity, atLeast = 0 }: Bar<F>, ratio: number): boolean {
  return ratio <= atMost && ratio >= atLeast;
}

function described<F>({ theirs, atMost, atLeast }: Bar<F>): string {
  const [which, limit] = atMost === undefined ? ['at least', atLeast ?? 0] : ['at most', atMost];
  return `${which} ${threeDigits(limit)} × ${theirs}`;
}
