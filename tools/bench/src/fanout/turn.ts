import type { Child } from '../shared/child.js';
import type { MeasuredRedis } from '../shared/measured-redis.js';
import type { Random } from '../shared/random.js';
import type { ContestantCalls } from './calls.js';
import { activeReaders, checkTimelines } from './check.js';
import type { Graph } from './graph.js';
import type { NumberedPost } from './post.js';
import { deliveriesOf, type Model } from './posts.js';

/** What one turn has measured of a contestant, for each delivery. */
export interface TurnFigures {
  readonly deliveries: number;
  readonly perSecond: number;
  readonly redisCpuUs: number;
  readonly clientCpuUs: number;
  /** To and from Redis. */
  readonly wireBytes: number;
}

/** A contestant that runs. */
export interface Running {
  readonly process: Child<ContestantCalls>;
  readonly redis: MeasuredRedis;
  readonly graph: Graph;
  /** What its timelines are to hold. */
  readonly model: Model;
  /** Whether it has several posts at once, so that neighbours may come to a timeline in another order. */
  readonly mixesNeighbours: boolean;
}

/** Lets a contestant deliver posts. @throws Error where timelines do not hold then what they are to hold */
export async function takeTurn(
  running: Running,
  posts: readonly NumberedPost[],
  { checked, random }: Checking,
): Promise<TurnFigures> {
  const { process, redis, graph, model } = running;
  const accepted = await process.call('accept', posts);
  const { value: work, cpuUs, wireBytes } = await redis.cost(async () => process.call('deliver', posts));
  model.deliver(accepted);
  await checkTimelines(running, activeReaders(graph, checked, random));
  const deliveries = deliveriesOf(graph, posts);
  return {
    deliveries,
    perSecond: deliveries / work.seconds,
    redisCpuUs: cpuUs / deliveries,
    clientCpuUs: work.cpuUs / deliveries,
    wireBytes: wireBytes / deliveries,
  };
}

/** Which timelines are compared: so many at random. */
export interface Checking {
  readonly checked: number;
  readonly random: Random;
}
