import { type Graph, graphOf, makeGraph } from '../fanout/graph.js';
import type { Plan } from './plan.js';

/** Who there is. */
export type WorldSpec = Pick<Plan, 'celebrities' | 'warm' | 'authors' | 'audience' | 'kinds'>;

/** Small authors and celebrities, with their followers. */
export interface World {
  readonly spec: WorldSpec;
  readonly readers: number;
  /** The author that a celebrity is. */
  readonly celebrity: (index: number) => number;
  /** So many readers follow a celebrity: the first ones. */
  readonly audienceOf: (celebrity: number) => number;
  /** The followers of a small author. */
  readonly followersOf: (author: number) => Int32Array;
  /** Everybody, celebrities included. */
  readonly graph: () => Graph;
}

/** What all turns share. */
export interface Stage {
  readonly plan: Plan;
  readonly world: World;
}

/** Makes a world: always the same of the same numbers. */
export function makeWorld(spec: WorldSpec): World {
  const { celebrities, warm, authors, audience } = spec;
  const small = makeGraph({ kind: 'even', readers: warm, authors, audience, seed: 6 });
  const readers = Math.max(...celebrities);
  return {
    spec,
    readers,
    celebrity: (index) => authors + index,
    audienceOf: (celebrity) => celebrities[celebrity - authors] ?? 0,
    followersOf: (author) => small.followersOf(author),
    graph: () =>
      graphOf(readers, [
        ...Array.from({ length: authors }, (_, author) => small.followersOf(author)),
        ...celebrities.map((size) => Int32Array.from({ length: size }, (_, reader) => reader)),
      ]),
  };
}
