import { loadavg } from 'node:os';

import { barChart } from '../shared/bar-chart.js';
import { MeasuredRedis } from '../shared/measured-redis.js';
import { packageVersions } from '../shared/package-versions.js';
import { pin, twoCores } from '../shared/pinning.js';
import { seededRandom } from '../shared/random.js';
import { failuresOf, inRounds, type Result } from '../shared/rounds.js';
import { describeSetting } from '../shared/setting.js';
import type { Suite, SuiteOptions, SuiteResult } from '../suite.js';
import { type Contestant, CONTESTANTS } from './contestants.js';
import { FULL_PLAN, PARTITIONS, type Plan, QUICK_PLAN } from './plan.js';
import { postsOf } from './posts.js';
import { Runners } from './runners.js';
import { deliveriesSection, PER_SECOND } from './section.js';
import { takeTurn, type TurnFigures } from './turn.js';

/** Posts on their way to the timelines of many: our worker beside other ways to do it. */
export const deliveriesSuite: Suite = {
  name: 'deliveries',
  summary: 'posts to the timelines of 100,000 readers (10 minutes)',
  run,
};

async function run({ quick, say }: SuiteOptions): Promise<SuiteResult> {
  const plan = quick ? QUICK_PLAN : FULL_PLAN;
  const [load = 0] = loadavg();
  const cores = quick ? undefined : twoCores();
  if (cores !== undefined) pin(process.pid, cores.client);
  const redis = await MeasuredRedis.start(cores?.server);
  try {
    const described = describeSetting(await redis.version(), ['libs', 'tools/bench']);
    const setting = { ...described, cores, load, versions: packageVersions('ioredis', 'bullmq') };
    const { results, follows } = await measure(plan, redis, cores?.client, say);
    return {
      section: deliveriesSection(results, plan, follows, setting),
      figures: { measuredAt: new Date().toISOString(), plan, setting, results },
      pictures: {
        'per-second': barChart({ title: 'Deliveries a second', results, column: PER_SECOND }),
      },
      failures: failuresOf(results),
    };
  } finally {
    await redis.stop();
  }
}

async function measure(
  plan: Plan,
  redis: MeasuredRedis,
  core: number | undefined,
  say: (line: string) => void,
): Promise<{ readonly results: Result<TurnFigures>[]; readonly follows: number }> {
  const runners = new Runners({ redisUrl: redis.url, spec: plan.graph, partitions: PARTITIONS, core });
  const { graph } = runners;
  const stage = { graph, redis, checked: plan.checked, random: seededRandom(2) };
  const random = seededRandom(3);
  const posts = Array.from({ length: plan.rounds }, (_, round) =>
    postsOf(graph, plan.posts, round * plan.posts, random),
  );
  const turn = async ({ name, oneIn }: Contestant, round: number): Promise<TurnFigures> =>
    takeTurn(await runners.get(name), (posts[round] ?? []).slice(0, plan.posts / oneIn), stage);
  try {
    return { results: await inRounds(CONTESTANTS, plan.rounds, turn, say), follows: graph.follows };
  } finally {
    await runners.stop();
  }
}
