import type { Spent } from '../shared/cpu.js';
import type { GraphSpec } from './graph.js';
import type { NumberedPost } from './post.js';

/** What the process of a contestant answers; see `FanOut`. */
export interface ContestantCalls {
  readonly open: (start: {
    readonly contestant: string;
    readonly redisUrl: string;
    readonly graph: GraphSpec;
    /** For those who have partitions. */
    readonly partitions: number;
  }) => Promise<void>;
  readonly accept: (posts: readonly NumberedPost[]) => Promise<readonly NumberedPost[]>;
  readonly deliver: (posts: readonly NumberedPost[]) => Promise<Spent>;
  readonly newest: (of: {
    readonly readers: readonly number[];
    readonly count: number;
  }) => Promise<readonly (readonly number[])[]>;
}
