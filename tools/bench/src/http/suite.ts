import { loadavg } from 'node:os';

import { connectRedis, Fanout } from 'redis-fanout';

import { MeasuredRedis } from '../shared/measured-redis.js';
import { packageVersions } from '../shared/package-versions.js';
import { pin } from '../shared/pinning.js';
import { failuresOf, inRounds } from '../shared/rounds.js';
import { describeSetting } from '../shared/setting.js';
import type { Suite, SuiteOptions, SuiteResult } from '../suite.js';
import { takeSample } from './answers.js';
import { type Contest, contests } from './contest.js';
import { coresOfParts, NO_CORES } from './cores.js';
import { sendToLibrary } from './library.js';
import { FULL_PLAN, OPEN_LOAD, QUICK_PLAN, QUICK_RATE } from './plan.js';
import { type ContestResults, httpPictures, httpSection } from './section.js';
import { seed } from './seeding.js';
import { estimate, type Stage, takeTurn } from './turn.js';

/** What post-service is set to unless told. */
const POSTS_PER_MINUTE = 300;

/** What the HTTP services cost beside plain servers that ask the same of Redis. */
export const httpSuite: Suite = {
  name: 'http',
  summary: 'requests per second of the services, beside plain Fastify that does the same (5 minutes)',
  run,
};

async function run({ quick, say }: SuiteOptions): Promise<SuiteResult> {
  const plan = quick ? QUICK_PLAN : FULL_PLAN;
  const [load = 0] = loadavg();
  const cores = quick ? NO_CORES : coresOfParts();
  if (cores.load !== undefined) pin(process.pid, cores.load);
  const redis = await MeasuredRedis.start(cores.redis);
  const client = connectRedis(redis.url);
  try {
    say(`setting up ${plan.readers} readers`);
    const readers = await seed(redis.url, plan);
    await redis.remember();
    const fanout = await Fanout.open({ client, postsPerMinute: POSTS_PER_MINUTE });
    const stage = { plan, cores, redis, client, fanout };
    const results: ContestResults[] = [];
    for (const contest of contests(plan, readers)) results.push(await measure(contest, stage, say));
    const described = describeSetting(await redis.version(), ['apps', 'libs', 'tools/bench']);
    const setting = {
      ...described,
      cores,
      load,
      versions: packageVersions('fastify', 'ioredis', 'autocannon'),
    };
    return {
      section: httpSection(results, plan, setting),
      figures: { measuredAt: new Date().toISOString(), plan, setting, results },
      pictures: httpPictures(results),
      failures: results.flatMap(({ title, contestants }) =>
        failuresOf(contestants).map((failure) => `${title}: ${failure}`),
      ),
    };
  } finally {
    client.disconnect();
    await redis.stop();
  }
}

async function measure(contest: Contest, stage: Stage, say: SuiteOptions['say']): Promise<ContestResults> {
  const { name, title, route, contestants } = contest;
  const { client, fanout, plan } = stage;
  const { commands } = await takeSample(contest, client, sendToLibrary(fanout));
  say(`${name}: looking for a rate`);
  const terms = { commands, rate: await openRate(contest, stage) };
  const results = await inRounds(
    contestants,
    plan.rounds,
    async (contestant) => takeTurn(contestant, contest, stage, terms),
    (line) => {
      say(`${name}, ${line}`);
    },
  );
  return { name, title, route, ...terms, contestants: results };
}

/** A rate that the service, from which most is asked, bears well. Where it cannot be measured the first round says why. */
async function openRate(contest: Contest, stage: Stage): Promise<number> {
  const [service] = contest.contestants;
  if (stage.plan.quick || service === undefined) return QUICK_RATE;
  const capacity = await estimate(service, contest, stage).catch(() => 0);
  return Math.max(QUICK_RATE, Math.round(capacity * OPEN_LOAD));
}
