import { loadavg } from 'node:os';

import { MeasuredRedis } from '../shared/measured-redis.js';
import { requireConnections } from '../shared/open-files.js';
import { pin } from '../shared/pinning.js';
import { describeSetting } from '../shared/setting.js';
import type { Suite, SuiteOptions, SuiteResult } from '../suite.js';
import { CONTESTANTS } from './contestant.js';
import { coresOfParts, NO_CORES } from './cores.js';
import { measure } from './measure.js';
import { packageVersions } from './package-versions.js';
import { FULL_PLAN, QUICK_PLAN } from './plan.js';
import { setUpReaders } from './readers.js';
import { liveSection } from './section.js';

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
    const setting = { ...described, cores, load, versions: packageVersions() };
    const results = await measure(CONTESTANTS, { plan, redis, readers, cores }, say);
    return {
      section: liveSection(results, plan, setting),
      figures: { measuredAt: new Date().toISOString(), plan, setting, results },
      failures: results.flatMap((result) =>
        'failure' in result ? [`${result.contestant}: ${result.failure}`] : [],
      ),
    };
  } finally {
    await redis.stop();
  }
}
