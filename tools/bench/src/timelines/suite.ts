import { Redis } from 'ioredis';
import { Fanout, type RedisClient } from 'redis-fanout';

import { PARTITIONS } from '../fanout/plan.js';
import { type MeasuredRedis, withRedis } from '../shared/measured-redis.js';
import { failuresOf, inRounds, type Result } from '../shared/rounds.js';
import type { Say } from '../shared/terminal.js';
import { defineSuite } from '../suite.js';
import { measureFollows } from './follows.js';
import { LargeSet } from './large-set.js';
import { measureKept } from './memory.js';
import { FULL_PLAN, type Plan, QUICK_PLAN } from './plan.js';
import { type ReadFigures, type Reading, Readers, readPages } from './reading.js';
import { type TimelinesFigures, timelinesSection } from './section.js';

/** What it costs to keep timelines, and to read them. */
export const timelinesSuite = defineSuite({
  name: 'timelines',
  summary: 'bytes of an entry and of a follow, and what a page costs Redis (3 minutes)',
  fullPlan: FULL_PLAN,
  quickPlan: QUICK_PLAN,
  bench: { packages: ['ioredis'] },
  measure: async (plan, { cores, measuredBy, say }) => {
    const measured = await withRedis(cores.redis, async (redis) => measure(plan, redis, say));
    return {
      section: timelinesSection(measured, plan, measuredBy),
      figures: measured,
      failures: failuresOf([...measured.reads, ...measured.largeReads]),
    };
  },
});

async function measure(plan: Plan, redis: MeasuredRedis, say: Say): Promise<TimelinesFigures> {
  const client = redis.connect();
  const plain = new Redis(redis.url);
  try {
    say('noting follows');
    const follows = await measureFollows(redis, plain, plan);
    const fanout = await Fanout.open({ client, prefix: 'fanout' });
    say('keeping timelines');
    const kept = await measureKept(plain, fanout, plan);
    await plain.flushall();
    const reads = await measureReads({ plan, redis, client, plain, say });
    await plain.flushall();
    const largeReads = await measureLargeSet({ plan, redis, client, plain, say });
    return { follows, kept, reads, largeReads };
  } finally {
    client.disconnect();
    plain.disconnect();
  }
}

/** What pages are read with. */
interface Stage {
  readonly plan: Plan;
  readonly redis: MeasuredRedis;
  readonly client: RedisClient;
  readonly plain: Redis;
  readonly say: Say;
}

async function measureReads({ plan, redis, client, plain, say }: Stage): Promise<Result<ReadFigures>[]> {
  // A threshold between the audiences of both kinds of authors.
  const hybrid = await Fanout.open({ client, pushMaxFollowers: thresholdOf(plan) });
  const readers = new Readers(plain, hybrid, plan);
  say('filling timelines');
  await readers.prepare();
  await readers.check();
  const turn = async (way: Reading): Promise<ReadFigures> => readPages(way, { ...plan, round: 0 }, redis);
  return inRounds(readers.ways, plan.rounds, turn, say);
}

async function measureLargeSet({ plan, redis, client, plain, say }: Stage): Promise<Result<ReadFigures>[]> {
  const { pages, rounds, largeSet } = plan;
  const all = await LargeSet.open(client, plain, redis.url, largeSet);
  try {
    say('filling many timelines');
    await all.prepare();
    await all.check();
    // Others in each round: those of the last one may still be in a cache.
    const turn = async (way: Reading, round: number): Promise<ReadFigures> =>
      readPages(way, { pages, readers: largeSet.timelines, round }, redis);
    return await inRounds(all.ways, rounds, turn, say);
  } finally {
    all.close();
  }
}

/** Between the followers that a small author and a large author have in a partition. */
function thresholdOf({ readers, authors, followed, large }: Plan): number {
  const small = (2 * readers * followed) / authors / PARTITIONS;
  return large === 0 ? Infinity : Math.round((small + readers / PARTITIONS) / 2);
}
