import { loadavg } from 'node:os';

import { MeasuredRedis } from '../shared/measured-redis.js';
import { requireConnections } from '../shared/open-files.js';
import { packageVersions } from '../shared/package-versions.js';
import { pin } from '../shared/pinning.js';
import { failuresOf, inRounds } from '../shared/rounds.js';
import { describeSetting } from '../shared/setting.js';
import type { Suite, SuiteOptions, SuiteResult } from '../suite.js';
import { type Contestant, CONTESTANTS } from './contestant.js';
import { coresOfParts, NO_CORES } from './cores.js';

import type { TurnFigures } from './figures.js';
import { FULL_PLAN, QUICK_PLAN } from './plan.js';
import { setUpReaders } from './readers.js';
import { liveSection } from './section.js';
import { takeTurn } from './turn.js';

/** A post that many connected readers get at once: our notifier beside what else is in use. */
export const liveSuite: Suite = {
  name: 'live',
  summary: 'a post that 5,000 connections to one instance get (10 minutes)',
  run,
};

async function run({ quick, say }: SuiteOptions): Promise<SuiteResult> {
  const plan = quick ? QUICK_PLAN : FULL_PLAN;
  requireConnections(plan.connections);
  const [load = 0] = loadavg();
  const cores = quick ? NO_CORES : coresOfParts();
  if (cores.publisher !== undefined) pin(process.pid, cores.publisher);
  const redis = await MeasuredRedis.start(cores.redis);
  try {
    say(`setting up ${plan.connections} readers`);
    const readers = await setUpReaders(redis.url, plan.connections);
    await redis.remember();
    const described = describeSetting(await redis.version(), ['apps', 'libs', 'tools/bench']);
    const setting = {
      ...described,
      cores,
      load,
      versions: packageVersions('socket.io', '@socket.io/redis-streams-adapter', 'ws', 'ioredis'),
    };
    const takeOneTurn = async (contestant: Contestant): Promise<TurnFigures> => {
      // What others, and earlier turns, have left in Redis is gone.
      await redis.reset();
      return takeTurn(contestant, { plan, redis, readers, cores });
    };
    const results = await inRounds(CONTESTANTS, plan.rounds, takeOneTurn, say);
    return {
      section: liveSection(results, plan, setting),
      figures: { measuredAt: new Date().toISOString(), plan, setting, results },
      failures: failuresOf(results),
    };
  } finally {
    await redis.stop();
  }
}
