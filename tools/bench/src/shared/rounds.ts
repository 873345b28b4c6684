import type { Say } from './terminal.js';

/** Something that is measured beside others. */
export interface Named {
  readonly name: string;
}

/** The one of a name. @throws Error where there is none */
export function named<C extends Named>(all: readonly C[], name: string): C {
  const found = all.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no contestant ${name}`);
  return found;
}

/** A contestant, with what each of its turns has measured; or why there is nothing. */
export type Result<F> = { readonly contestant: string } & (
  { readonly turns: readonly F[] } | { readonly failure: string }
);

/** A contestant, with its turns so far. */
interface Entered<C, F> {
  readonly contestant: C;
  readonly turns: F[];
  failure?: string;
}

/** Lets the contestants take turns, in each round another one first; who fails once is out. */
export async function inRounds<C extends Named, F>(
  contestants: readonly C[],
  rounds: number,
  takeTurn: (contestant: C, round: number) => Promise<F>,
  say: Say,
): Promise<Result<F>[]> {
  const entered: Entered<C, F>[] = contestants.map((contestant) => ({ contestant, turns: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const each of inTurn(entered, round)) {
      if (each.failure !== undefined) continue;
      say(`round ${round + 1} of ${rounds}: ${each.contestant.name}`);
      try {
        each.turns.push(await takeTurn(each.contestant, round));
      } catch (error) {
        each.failure = error instanceof Error ? error.message : String(error);
      }
    }
  }
  return entered.map(({ contestant: { name }, turns, failure }) =>
    failure === undefined ? { contestant: name, turns } : { contestant: name, failure },
  );
}

/** What the figures are: a sentence without its end. */
export function describeRounds(rounds: string, taking = 'contestant'): string {
  return `Each figure is the median of ${rounds}, with the lowest and the highest in brackets; in each round every ${taking}
    has its turn`;
}

/** All of them, in each round another one first. */
export function inTurn<T>(all: readonly T[], round: number): T[] {
  const first = round % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}

/** What went wrong, a line for each contestant that has no figures. */
export function failuresOf(results: readonly Result<unknown>[]): string[] {
  return results.flatMap((result) =>
    'failure' in result ? [`${result.contestant}: ${result.failure}`] : [],
  );
}
