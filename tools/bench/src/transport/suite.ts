import { loadavg } from 'node:os';

import { MeasuredRedis } from '../shared/measured-redis.js';
import { packageVersions } from '../shared/package-versions.js';
import { pin } from '../shared/pinning.js';
import { failuresOf, inRounds } from '../shared/rounds.js';
import { describeSetting } from '../shared/setting.js';
import type { Suite, SuiteOptions, SuiteResult } from '../suite.js';
import { type Contestant, CONTESTANTS } from './contestant.js';
import { coresOfParts, NO_CORES } from './cores.js';
import type { TurnFigures } from './figures.js';
import { FULL_PLAN, QUICK_PLAN } from './plan.js';
import { transportPictures, transportSection } from './section.js';
import { takeTurn } from './turn.js';

/** Events from one process to another: our transports of NestJS beside what else is in use. */
export const transportSuite: Suite = {
  name: 'transport',
  summary: 'events between services: our transports beside BullMQ and the one of NestJS (4 minutes)',
  run,
};

async function run({ quick, say }: SuiteOptions): Promise<SuiteResult> {
  const plan = quick ? QUICK_PLAN : FULL_PLAN;
  const [load = 0] = loadavg();
  const cores = quick ? NO_CORES : coresOfParts();
  if (cores.producer !== undefined) pin(process.pid, cores.producer);
  const redis = await MeasuredRedis.start(cores.redis);
  try {
    await redis.remember();
    const described = describeSetting(await redis.version(), ['libs', 'tools/bench']);
    const versions = packageVersions('@nestjs/microservices', 'bullmq', 'ioredis');
    const setting = { ...described, cores, load, versions };
    const takeOneTurn = async (contestant: Contestant): Promise<TurnFigures> => {
      // What others, and earlier turns, have left in Redis is gone.
      await redis.reset();
      return takeTurn(contestant, { plan, redis, cores });
    };
    const results = await inRounds(CONTESTANTS, plan.rounds, takeOneTurn, say);
    return {
      section: transportSection(results, plan, setting),
      figures: { measuredAt: new Date().toISOString(), plan, setting, results },
      pictures: transportPictures(results),
      failures: failuresOf(results),
    };
  } finally {
    await redis.stop();
  }
}
