import { whileRunning } from '../shared/on-demand.js';
import { failuresOf, inRounds } from '../shared/rounds.js';
import { defineSuite } from '../suite.js';
import { CONTESTANTS } from './contestants.js';
import { FULL_PLAN, QUICK_PLAN } from './plan.js';
import { celebrityPictures, celebritySection } from './section.js';
import { Systems } from './systems.js';
import { takeTurn } from './turn.js';
import { makeWorld } from './world.js';

/** The post of somebody whom a million follow, while others post and read. */
export const celebritySuite = defineSuite({
  name: 'celebrity',
  summary: 'a post to 1,000,000 followers beside the posts of many (8 minutes)',
  fullPlan: FULL_PLAN,
  quickPlan: QUICK_PLAN,
  bench: { packages: ['ioredis'] },
  measure: async (plan, { cores, measuredBy, say }) => {
    const stage = { plan, world: makeWorld(plan) };
    return whileRunning(new Systems(stage, cores), async (systems) => {
      const results = await inRounds(
        CONTESTANTS,
        plan.rounds,
        async ({ name }, round) => takeTurn(await systems.get(name), stage, round),
        say,
      );
      return {
        section: celebritySection(results, plan, measuredBy),
        figures: { results },
        pictures: celebrityPictures(results, plan),
        failures: failuresOf(results),
      };
    });
  },
});
