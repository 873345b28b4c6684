import type { Graph } from './graph.js';
import type { NumberedPost } from './post.js';

/** A way to bring posts to the timelines of followers. */
export interface FanOut {
  /** Has every reader follow whom they follow, with a timeline that is full of older posts. */
  prepare(graph: Graph): Promise<void>;
  /**
   * Takes posts in: what the publisher waits for, as far as that is apart from delivering. Answers them in the order in
   * which timelines have them, the oldest first.
   */
  accept(posts: readonly NumberedPost[]): Promise<readonly NumberedPost[]>;
  /** Brings them to the timelines of all followers. */
  deliver(posts: readonly NumberedPost[]): Promise<void>;
  /** The newest posts of a timeline, by number, newest first; below them may be what it was filled with. */
  newest(reader: number, count: number): Promise<number[]>;
  close(): Promise<void>;
}

/** Opens one, with so many partitions where it has some. */
export type OpenFanOut = (redisUrl: string, partitions: number) => Promise<FanOut>;

/** Entries of a timeline, for all contestants: full from the beginning. */
export const TIMELINE_ENTRIES = 200;

/** So many entries more than that a timeline of ours gets before it is cut. */
const GROWTH = Math.floor(TIMELINE_ENTRIES / 8);

/**
 * The lengths that timelines have from the beginning where they are lists: full ones are as in use, where some were cut just
 * now, and others will be.
 */
export function listLengths({ oldEntries }: Pick<Graph, 'oldEntries'>): number[] {
  return oldEntries < TIMELINE_ENTRIES
    ? [oldEntries]
    : Array.from({ length: GROWTH + 1 }, (_, more) => oldEntries + more);
}
