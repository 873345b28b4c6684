/** Something that is measured beside others. */
export interface Named {
  readonly name: string;
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
  say: (line: string) => void,
): Promise<Result<F>[]> {
  const entered: Entered<C, F>[] = contestants.map((contestant) => ({ contestant, turns: [] }));
  for (let round = 0; round < rounds; round++) {
    const first = round % entered.length;
    for (const each of [...entered.slice(first), ...entered.slice(0, first)]) {
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

/** What went wrong, a line for each contestant that has no figures. */
export function failuresOf(results: readonly Result<unknown>[]): string[] {
  return results.flatMap((result) =>
    'failure' in result ? [`${result.contestant}: ${result.failure}`] : [],
  );
}
