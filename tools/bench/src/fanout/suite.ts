import { barChart } from '../shared/bar-chart.js';
import { whileRunning } from '../shared/on-demand.js';
import { seededRandom } from '../shared/random.js';
import { failuresOf, inRounds } from '../shared/rounds.js';
import { defineSuite } from '../suite.js';
import { CONTESTANTS } from './contestants.js';
import { FULL_PLAN, PARTITIONS, QUICK_PLAN } from './plan.js';
import { postsOf } from './posts.js';
import { deliveriesSection, PER_SECOND } from './section.js';
import { Systems } from './systems.js';
import { takeTurn } from './turn.js';

/** Posts on their way to the timelines of many: our worker beside other ways to do it. */
export const deliveriesSuite = defineSuite({
  name: 'deliveries',
  summary: 'posts to the timelines of 100,000 readers (10 minutes)',
  fullPlan: FULL_PLAN,
  quickPlan: QUICK_PLAN,
  bench: { packages: ['ioredis', 'bullmq'] },
  measure: async (plan, { cores, measuredBy, say }) =>
    whileRunning(new Systems(cores), async (systems) => {
      const runners = await systems.get({ graph: plan.graph, partitions: PARTITIONS });
      const { graph } = runners;
      const stage = { checked: plan.checked, random: seededRandom(2) };
      const random = seededRandom(3);
      const posts = Array.from({ length: plan.rounds }, (_, round) =>
        postsOf(graph, plan.posts, round * plan.posts, random),
      );
      const results = await inRounds(
        CONTESTANTS,
        plan.rounds,
        async ({ name, oneIn }, round) =>
          takeTurn(await runners.get(name), (posts[round] ?? []).slice(0, plan.posts / oneIn), stage),
        say,
      );
      return {
        section: deliveriesSection(results, plan, graph.follows, measuredBy),
        figures: { results },
        pictures: {
          'per-second': barChart({ title: 'Deliveries a second', results, column: PER_SECOND }),
        },
        failures: failuresOf(results),
      };
    }),
});
