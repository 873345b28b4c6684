import { loadavg } from 'node:os';

import { Redis } from 'ioredis';
import { connectRedis, Fanout } from 'redis-fanout';

import { MeasuredRedis } from '../shared/measured-redis.js';
import { pin, twoCores } from '../shared/pinning.js';
import { failuresOf, inRounds, type Result } from '../shared/rounds.js';
import { describeSetting } from '../shared/setting.js';
import type { Suite, SuiteOptions, SuiteResult } from '../suite.js';
import { type KeptFigures, measureKept } from './memory.js';
import { FULL_PLAN, type Plan, QUICK_PLAN } from './plan.js';
import { type ReadFigures, Readers, readPages } from './reading.js';
import { timelinesSection } from './section.js';

/** What it costs to keep timelines, and to read them. */
export const timelinesSuite: Suite = {
  name: 'timelines',
  summary: 'bytes of an entry, and what a page costs Redis (2 minutes)',
  run,
};

async function run({ quick, say }: SuiteOptions): Promise<SuiteResult> {
  const plan = quick ? QUICK_PLAN : FULL_PLAN;
  const [load = 0] = loadavg();
  const cores = quick ? undefined : twoCores();
  if (cores !== undefined) pin(process.pid, cores.client);
  const redis = await MeasuredRedis.start(cores?.server);
  try {
    const setting = { ...describeSetting(await redis.version(), ['libs', 'tools/bench']), cores, load };
    const { kept, reads } = await measure(plan, redis, say);
    return {
      section: timelinesSection(kept, reads, plan, setting),
      figures: { measuredAt: new Date().toISOString(), plan: withoutLists(plan), setting, kept, reads },
      failures: failuresOf(reads),
    };
  } finally {
    await redis.stop();
  }
}

async function measure(
  plan: Plan,
  redis: MeasuredRedis,
  say: (line: string) => void,
): Promise<{ readonly kept: KeptFigures[]; readonly reads: Result<ReadFigures>[] }> {
  const client = connectRedis(redis.url);
  const plain = new Redis(redis.url);
  try {
    const fanout = await Fanout.open({ client, prefix: 'fanout' });
    say('keeping timelines');
    const kept = await measureKept(plain, fanout, plan);
    await plain.flushall();
    // A threshold between the audiences of both kinds of authors.
    const hybrid = await Fanout.open({ client, pushMaxFollowers: thresholdOf(plan) });
    const readers = new Readers(plain, hybrid, plan);
    say('filling timelines');
    await readers.prepare();
    await readers.check();
    const reads = await inRounds(readers.ways, plan.rounds, async (way) => readPages(way, plan, redis), say);
    return { kept, reads };
  } finally {
    client.disconnect();
    plain.disconnect();
  }
}

/** Between the followers that a small author and a large author have in a partition. */
function thresholdOf({ readers, authors, followed, large }: Plan): number {
  const small = (2 * readers * followed) / authors / 8;
  return large === 0 ? Infinity : Math.round((small + readers / 8) / 2);
}

/** Prettier would lay lists of plain values out anew. */
function withoutLists(plan: Plan): object {
  return { ...plan, lengths: plan.lengths.join(' ') };
}
