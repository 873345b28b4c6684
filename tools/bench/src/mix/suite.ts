import { loadavg } from 'node:os';

import { barChart } from '../shared/bar-chart.js';
import { packageVersions } from '../shared/package-versions.js';
import { pin, twoCores } from '../shared/pinning.js';
import { failuresOf } from '../shared/rounds.js';
import { describeSetting } from '../shared/setting.js';
import type { Suite, SuiteOptions, SuiteResult } from '../suite.js';
import { Contest } from './contest.js';
import { FULL_PLAN, QUICK_PLAN } from './plan.js';
import { mixSection, REDIS_CPU } from './section.js';

/** All that users do, in the proportions in which they do it. */
export const mixSuite: Suite = {
  name: 'mix',
  summary: 'posts, timeline checks and follows of 20,000 users, mixed (6 minutes)',
  run,
};

async function run({ quick, say }: SuiteOptions): Promise<SuiteResult> {
  const plan = quick ? QUICK_PLAN : FULL_PLAN;
  const [load = 0] = loadavg();
  const cores = quick ? undefined : twoCores();
  if (cores !== undefined) pin(process.pid, cores.client);
  const contest = new Contest(plan, cores, say);
  try {
    const pages = await contest.measure('pages');
    const refreshes = await contest.measure('refreshes');
    const described = describeSetting(await contest.version(), ['libs', 'tools/bench']);
    const { follows } = contest.users.graph;
    const setting = { ...described, cores, load, follows, versions: packageVersions('ioredis', 'bullmq') };
    return {
      section: mixSection({ pages, refreshes }, plan, setting),
      figures: { measuredAt: new Date().toISOString(), plan, setting, pages, refreshes },
      pictures: {
        'redis-cpu': barChart({ title: 'Redis, for 1,000 operations', results: pages, column: REDIS_CPU }),
      },
      failures: failuresOf([...pages, ...refreshes]),
    };
  } finally {
    await contest.stop();
  }
}
