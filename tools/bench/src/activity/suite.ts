import { Systems } from '../fanout/systems.js';
import { benchSetting, takeCores } from '../shared/bench.js';
import { seededRandom } from '../shared/random.js';
import { failuresOf, inRounds } from '../shared/rounds.js';
import type { Suite, SuiteOptions, SuiteResult } from '../suite.js';
import { type Contestant, contestantsOf } from './contestants.js';
import { FULL_PLAN, type Plan, QUICK_PLAN } from './plan.js';
import { activitySection } from './section.js';
import { takeTurn, type TurnFigures } from './turn.js';

/** What it costs to deliver to readers who do not read. */
export const activitySuite: Suite = {
  name: 'activity',
  summary: 'deliveries where 1 % to 100 % of the readers are active (3 minutes)',
  run,
};

async function run({ quick, say }: SuiteOptions): Promise<SuiteResult> {
  const plan = quick ? QUICK_PLAN : FULL_PLAN;
  const taken = takeCores(quick);
  const systems = new Systems(taken.cores);
  const random = seededRandom(5);
  const turn = async (contestant: Contestant, round: number): Promise<TurnFigures> =>
    takeTurn(contestant, round, plan, systems, random);
  try {
    const results = await inRounds(contestantsOf(plan), plan.rounds, turn, say);
    const setting = benchSetting(await systems.version(), taken, ['ioredis']);
    return {
      section: activitySection(results, plan, setting),
      figures: { measuredAt: new Date().toISOString(), plan: withoutLists(plan), setting, results },
      failures: failuresOf(results),
    };
  } finally {
    await systems.stop();
  }
}

/** Prettier would lay lists of plain values out anew. */
function withoutLists(plan: Plan): object {
  return { ...plan, percents: plan.percents.join(' ') };
}
