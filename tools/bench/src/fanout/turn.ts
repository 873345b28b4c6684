import type { Child } from '../shared/child.js';
import type { MeasuredRedis } from '../shared/measured-redis.js';
import { below, type Random } from '../shared/random.js';
import type { ContestantCalls } from './calls.js';
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
  /** What its timelines are to hold. */
  readonly model: Model;
}

/** Newest posts of a timeline that are compared. */
const COMPARED = 50;

/** Lets a contestant deliver posts. @throws Error where timelines do not hold then what they are to hold */
export async function takeTurn(
  { process, model }: Running,
  posts: readonly NumberedPost[],
  { graph, redis, checked, random }: Stage,
): Promise<TurnFigures> {
  const accepted = await process.call('accept', posts);
  const { value: work, cpuUs, wireBytes } = await redis.cost(async () => process.call('deliver', posts));
  model.deliver(accepted);
  await check(
    { process, model },
    Array.from({ length: checked }, () => below(graph.readers, random)),
  );
  const deliveries = deliveriesOf(graph, posts);
  return {
    deliveries,
    perSecond: deliveries / work.seconds,
    redisCpuUs: cpuUs / deliveries,
    clientCpuUs: work.cpuUs / deliveries,
    wireBytes: wireBytes / deliveries,
  };
}

/** What all turns share. */
export interface Stage {
  readonly graph: Graph;
  readonly redis: MeasuredRedis;
  /** Timelines that are compared. */
  readonly checked: number;
  readonly random: Random;
}

async function check({ process, model }: Running, readers: readonly number[]): Promise<void> {
  const due = readers.map((reader) => model.newest(reader, COMPARED));
  const count = Math.max(1, ...due.map(({ length }) => length));
  const found = await process.call('newest', { readers, count });
  for (const [i, reader] of readers.entries()) {
    // Below the posts may be what the timelines were filled with.
    const posts = (found[i] ?? []).filter((n) => n >= 0);
    if (posts.join() === due[i]?.join()) continue;
    throw new Error(
      `the timeline of reader ${reader} is ${posts.slice(0, 10).join(' ')} … and not ${due[i]?.slice(0, 10).join(' ') ?? ''} …`,
    );
  }
}
