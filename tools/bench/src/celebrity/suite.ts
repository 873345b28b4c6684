import { onBench } from '../shared/bench.js';
import { failuresOf, inRounds } from '../shared/rounds.js';
import type { Suite, SuiteOptions, SuiteResult } from '../suite.js';
import { CONTESTANTS } from './contestants.js';
import { FULL_PLAN, type Plan, QUICK_PLAN } from './plan.js';
import { celebrityPictures, celebritySection } from './section.js';
import { Systems } from './systems.js';
import { takeTurn } from './turn.js';
import { makeWorld } from './world.js';

/** The post of somebody whom a million follow, while others post and read. */
export const celebritySuite: Suite = {
  name: 'celebrity',
  summary: 'a post to 1,000,000 followers beside the posts of many (8 minutes)',
  run,
};

async function run({ quick, say }: SuiteOptions): Promise<SuiteResult> {
  const plan = quick ? QUICK_PLAN : FULL_PLAN;
  const stage = { plan, world: makeWorld(plan) };
  return onBench(quick, ['ioredis'], async ({ setting }) => {
    const systems = new Systems(stage, setting.cores);
    try {
      const results = await inRounds(
        CONTESTANTS,
        plan.rounds,
        async ({ name }, round) => takeTurn(await systems.get(name), stage, round),
        say,
      );
      return {
        section: celebritySection(results, plan, setting),
        figures: { measuredAt: new Date().toISOString(), plan: withoutLists(plan), setting, results },
        pictures: celebrityPictures(results, plan),
        failures: failuresOf(results),
      };
    } finally {
      await systems.stop();
    }
  });
}

/** Prettier would lay lists of plain values out anew. */
function withoutLists(plan: Plan): object {
  return { ...plan, celebrities: plan.celebrities.join(' ') };
}
