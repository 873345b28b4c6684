import type { Contestant } from './contestant.js';
import type { Result, TurnFigures } from './figures.js';
import { type Stage, takeTurn } from './turn.js';

/** A contestant, with its turns so far. */
interface Entered {
  readonly contestant: Contestant;
  readonly turns: TurnFigures[];
  failure?: string;
}

/** Lets the contestants take turns, in each round another one first; who fails once is out. */
export async function measure(
  contestants: readonly Contestant[],
  stage: Stage,
  say: (line: string) => void,
): Promise<Result[]> {
  const { rounds } = stage.plan;
  const entered: Entered[] = contestants.map((contestant) => ({ contestant, turns: [] }));
  for (let round = 0; round < rounds; round++) {
    const first = round % entered.length;
    for (const each of [...entered.slice(first), ...entered.slice(0, first)]) {
      if (each.failure !== undefined) continue;
      say(`round ${round + 1} of ${rounds}: ${each.contestant.name}`);
      await letTakeTurn(each, stage);
    }
  }
  return entered.map(({ contestant: { name }, turns, failure }) =>
    failure === undefined ? { contestant: name, turns } : { contestant: name, failure },
  );
}

async function letTakeTurn(entered: Entered, stage: Stage): Promise<void> {
  // What others, and earlier turns, have left in Redis is gone.
  await stage.redis.reset();
  try {
    entered.turns.push(await takeTurn(entered.contestant, stage));
  } catch (error) {
    entered.failure = error instanceof Error ? error.message : String(error);
  }
}
