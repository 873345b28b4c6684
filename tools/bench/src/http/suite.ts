import { Fanout } from 'redis-fanout';

import type { Cores } from '../shared/cores.js';
import { type MeasuredRedis, withRedis } from '../shared/measured-redis.js';
import { failuresOf, inRounds } from '../shared/rounds.js';
import type { Say } from '../shared/terminal.js';
import { defineSuite } from '../suite.js';
import { takeSample } from './answers.js';
import { type Contest, contests } from './contest.js';
import { sendToLibrary } from './library.js';
import { FULL_PLAN, OPEN_LOAD, type Plan, QUICK_PLAN, QUICK_RATE } from './plan.js';
import { type ContestResults, httpPictures, httpSection } from './section.js';
import { seed } from './seeding.js';
import { estimate, type Stage, takeTurn } from './turn.js';

/** What post-service is set to unless told. */
const POSTS_PER_MINUTE = 300;

/** What the HTTP services cost beside plain servers that ask the same of Redis. */
export const httpSuite = defineSuite({
  name: 'http',
  summary: 'requests per second of the services, beside plain Fastify that does the same (5 minutes)',
  fullPlan: FULL_PLAN,
  quickPlan: QUICK_PLAN,
  bench: {
    parts: ['server', 'load', 'redis'],
    self: 'load',
    sources: ['apps', 'libs', 'tools/bench'],
    packages: ['fastify', 'ioredis', 'autocannon'],
  },
  measure: async (plan, { cores, measuredBy, say }) =>
    withRedis(cores.redis, async (redis) => {
      const results = await measureOn(redis, plan, cores, say);
      return {
        section: httpSection(results, plan, measuredBy),
        figures: { results },
        pictures: httpPictures(results),
        failures: results.flatMap(({ title, contestants }) =>
          failuresOf(contestants).map((failure) => `${title}: ${failure}`),
        ),
      };
    }),
});

async function measureOn(
  redis: MeasuredRedis,
  plan: Plan,
  cores: Cores,
  say: Say,
): Promise<ContestResults[]> {
  const client = redis.connect();
  try {
    say(`setting up ${plan.readers} readers`);
    const readers = await seed(redis.url, plan);
    await redis.remember();
    const fanout = await Fanout.open({ client, postsPerMinute: POSTS_PER_MINUTE });
    const stage = { plan, cores, redis, client, fanout };
    const results: ContestResults[] = [];
    for (const contest of contests(plan, readers)) results.push(await measure(contest, stage, say));
    return results;
  } finally {
    client.disconnect();
  }
}

async function measure(contest: Contest, stage: Stage, say: Say): Promise<ContestResults> {
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
