import { barChart } from '../shared/bar-chart.js';
import { whileRunning } from '../shared/on-demand.js';
import { failuresOf } from '../shared/rounds.js';
import { defineSuite } from '../suite.js';
import { Contest } from './contest.js';
import { FULL_PLAN, QUICK_PLAN } from './plan.js';
import { mixSection, REDIS_CPU } from './section.js';

/** All that users do, in the proportions in which they do it. */
export const mixSuite = defineSuite({
  name: 'mix',
  summary: 'posts, timeline checks and follows of 20,000 users, mixed (6 minutes)',
  fullPlan: FULL_PLAN,
  quickPlan: QUICK_PLAN,
  bench: { packages: ['ioredis', 'bullmq'] },
  measure: async (plan, { cores, measuredBy, say }) =>
    whileRunning(new Contest(plan, cores, say), async (contest) => {
      const pages = await contest.measure('pages');
      const refreshes = await contest.measure('refreshes');
      const { follows } = contest.users.graph;
      return {
        section: mixSection({ pages, refreshes }, plan, follows, measuredBy),
        figures: { follows, pages, refreshes },
        pictures: {
          'redis-cpu': barChart({ title: 'Redis, for 1,000 operations', results: pages, column: REDIS_CPU }),
        },
        failures: failuresOf([...pages, ...refreshes]),
      };
    }),
});
