import type { Graph } from '../fanout/graph.js';
import { PARTITIONS } from '../fanout/plan.js';
import type { NumberedPost } from '../fanout/post.js';
import { deliveriesOf, postsOf } from '../fanout/posts.js';
import type { Systems } from '../fanout/systems.js';
import * as fanout from '../fanout/turn.js';
import { type Random, seededRandom } from '../shared/random.js';
import type { Contestant } from './contestants.js';
import type { Plan } from './plan.js';

/** What one turn has measured. */
export interface TurnFigures {
  /** Of all that posts have, active or not. */
  readonly followers: number;
  /** Deliveries to timelines: of followers who have one. */
  readonly perSecond: number;
  /** For each follower. */
  readonly redisCpuUs: number;
  /** For each follower. */
  readonly clientCpuUs: number;
  /** Bytes of all timelines, for each reader, active or not. */
  readonly timelineBytes: number;
}

/** What all turns share. */
export interface Stage {
  readonly plan: Plan;
  readonly systems: Systems;
  readonly random: Random;
}

/** Lets a contestant deliver the posts of a round. @throws Error where timelines of active readers are not as they are to be */
export async function takeTurn(
  { contestant, activePercent, timelines }: Contestant,
  round: number,
  { plan: { graph: spec, posts, checked }, systems, random }: Stage,
): Promise<TurnFigures> {
  const runners = await systems.get({ graph: { ...spec, activePercent }, partitions: PARTITIONS });
  const { graph, redis } = runners;
  const ofRound = postsOf(graph, posts, round * posts, seededRandom(round));
  const figures = await fanout.takeTurn(await runners.get(contestant), ofRound, { checked, random });
  return {
    followers: figures.deliveries,
    perSecond: figures.perSecond * activeShare(graph, ofRound),
    redisCpuUs: figures.redisCpuUs,
    clientCpuUs: figures.clientCpuUs,
    timelineBytes: (await redis.keyBytes(timelines)) / graph.readers,
  };
}

/** Which share of the followers of posts is active. */
export function activeShare(graph: Graph, posts: readonly NumberedPost[]): number {
  const active = posts.reduce(
    (sum, { author }) => sum + graph.followersOf(author).filter(graph.isActive).length,
    0,
  );
  return active / deliveriesOf(graph, posts);
}
