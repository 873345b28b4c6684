import type { Redis } from 'ioredis';

import { Baseline } from '../fanout/baseline.js';
import { type GraphSpec, makeGraph } from '../fanout/graph.js';
import { Keys } from '../fanout/keys.js';
import { PARTITIONS } from '../fanout/plan.js';
import { sendAll } from '../fanout/seeding.js';
import type { MeasuredRedis } from '../shared/measured-redis.js';
import type { Plan } from './plan.js';

/** Bytes of one follow, which is noted in a set of the reader's and in a set of the author's. */
export interface FollowFigures {
  /** What each reader follows, and each author is followed by. */
  readonly followed: number;
  readonly ours: number;
  /** One set for each side. */
  readonly plain: number;
}

/** Writes graphs in which all follow the same number. Nothing is there then. */
export async function measureFollows(
  redis: MeasuredRedis,
  client: Redis,
  plan: Plan,
): Promise<FollowFigures[]> {
  const figures: FollowFigures[] = [];
  for (const { followed, users } of plan.follows) {
    const spec = { kind: 'even', readers: users, authors: users, audience: followed, seed: 6 } as const;
    figures.push({ followed, ...(await measureGraph(redis, client, spec)) });
  }
  return figures;
}

async function measureGraph(
  redis: MeasuredRedis,
  client: Redis,
  spec: GraphSpec,
): Promise<Omit<FollowFigures, 'followed'>> {
  const graph = makeGraph(spec);
  await client.flushall();
  await sendAll(client, new Keys('fanout', PARTITIONS).follows(graph));
  const ours = (await redis.keyBytes()) / graph.follows;
  await client.flushall();
  const baseline = new Baseline(redis.url, 'plain');
  await baseline.follow(graph);
  baseline.close();
  const plain = (await redis.keyBytes('follow*:*')) / graph.follows;
  await client.flushall();
  return { ours, plain };
}
