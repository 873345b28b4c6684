import { table } from './markdown.js';
import type { Result } from './rounds.js';
import { spread } from './statistics.js';

/** The head of a column, and its figure. */
export type Column<F> = readonly [title: string, figure: (turn: F) => number];

/** A row for each contestant: the medians of its turns, with the lowest and the highest. */
export function resultTable<F>(results: readonly Result<F>[], columns: readonly Column<F>[]): string {
  const rows = results.map((result) => [
    result.contestant,
    ...('failure' in result
      ? ['no figures', ...columns.slice(1).map(() => '')]
      : columns.map(([, figure]) => spread(result.turns.map(figure)))),
  ]);
  return table(
    ['', ...columns.map(([title]) => title)],
    rows,
    columns.map((_, i) => i + 1),
  );
}

/** The turns of a contestant; none where it has failed. */
export function turnsOf<F>(results: readonly Result<F>[], contestant: string): readonly F[] {
  const result = results.find((each) => each.contestant === contestant);
  return result !== undefined && 'turns' in result ? result.turns : [];
}
