import { below, type Random } from '../shared/random.js';
import type { Graph } from './graph.js';
import type { Running } from './turn.js';

/** Newest posts of a timeline that are compared. */
const COMPARED = 50;
/** Neighbours that may be mixed are no further apart. */
const MIXED = 10;

/** So many active readers at random; one may be chosen twice. @throws Error where nobody is active */
export function activeReaders({ readers, isActive }: Graph, count: number, random: Random): number[] {
  const active = Array.from({ length: readers }, (_, reader) => reader).filter(isActive);
  return Array.from({ length: count }, () => {
    const reader = active[below(active.length, random)];
    if (reader === undefined) throw new Error('no reader is active');
    return reader;
  });
}

/** @throws Error where timelines do not hold what they are to hold */
export async function checkTimelines(
  { process, model, mixesNeighbours }: Running,
  readers: readonly number[],
): Promise<void> {
  const due = readers.map((reader) => model.newest(reader, COMPARED + MIXED));
  const count = Math.min(COMPARED, Math.max(1, ...due.map(({ length }) => length)));
  const found = await process.call('newest', { readers, count });
  const isRight = mixesNeighbours ? holdsAbout : holds;
  for (const [i, reader] of readers.entries()) {
    // Below the posts may be what the timelines were filled with.
    const posts = (found[i] ?? []).filter((n) => n >= 0);
    if (isRight(posts, due[i] ?? [])) continue;
    throw new Error(
      `the timeline of reader ${reader} is ${posts.slice(0, 10).join(' ')} … and not ${due[i]?.slice(0, 10).join(' ') ?? ''} …`,
    );
  }
}

function holds(posts: readonly number[], due: readonly number[]): boolean {
  return posts.join() === due.slice(0, COMPARED).join();
}

/** The same but for the order of neighbours. */
function holdsAbout(posts: readonly number[], due: readonly number[]): boolean {
  const places = posts.map((n) => due.indexOf(n));
  return (
    new Set(posts).size === posts.length &&
    posts.length === Math.min(COMPARED, due.length) &&
    places.every((place, i) => place >= 0 && Math.abs(place - i) <= MIXED)
  );
}
