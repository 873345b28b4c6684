import { Systems } from '../fanout/systems.js';
import { whileRunning } from '../shared/on-demand.js';
import { seededRandom } from '../shared/random.js';
import { failuresOf, inRounds } from '../shared/rounds.js';
import { defineSuite } from '../suite.js';
import { contestantsOf } from './contestants.js';
import { FULL_PLAN, QUICK_PLAN } from './plan.js';
import { activitySection } from './section.js';
import { takeTurn } from './turn.js';

/** What it costs to deliver to readers who do not read. */
export const activitySuite = defineSuite({
  name: 'activity',
  summary: 'deliveries where 1 % to 100 % of the readers are active (3 minutes)',
  fullPlan: FULL_PLAN,
  quickPlan: QUICK_PLAN,
  bench: { packages: ['ioredis'] },
  measure: async (plan, { cores, measuredBy, say }) =>
    whileRunning(new Systems(cores), async (systems) => {
      const stage = { plan, systems, random: seededRandom(5) };
      const results = await inRounds(
        contestantsOf(plan),
        plan.rounds,
        async (contestant, round) => takeTurn(contestant, round, stage),
        say,
      );
      return {
        section: activitySection(results, plan, measuredBy),
        figures: { results },
        failures: failuresOf(results),
      };
    }),
});
