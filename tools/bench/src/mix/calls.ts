import type { NumberedPost } from '../fanout/post.js';
import type { Spent } from '../shared/cpu.js';
import type { PlacedPost } from './model.js';
import type { Operation } from './operations.js';
import type { UsersSpec } from './users.js';

/** What the process of a contestant answers. */
export interface MixCalls {
  readonly open: (start: {
    readonly contestant: string;
    readonly redisUrl: string;
    readonly users: UsersSpec;
    /** What timelines are filled with, the oldest first. */
    readonly posts: readonly NumberedPost[];
  }) => Promise<void>;
  readonly run: (turn: {
    readonly operations: readonly Operation[];
    readonly checks: Checks;
    readonly atOnce: number;
  }) => Promise<Work>;
  /** The newest posts of these users, by number; and what is newer than one of them. */
  readonly pages: (users: readonly number[]) => Promise<readonly ShownPage[]>;
}

/** What a check answers: the newest posts, or of these what the user has not seen. */
export type Checks = 'pages' | 'refreshes';

/** What operations have come to. */
export interface Work extends Spent {
  readonly posts: readonly PlacedPost[];
}

export interface ShownPage {
  readonly page: readonly number[];
  /** What is newer than the post at `REFRESHED` on the page. */
  readonly newer: readonly number[];
}

/** So many posts of a page are looked at again as a refresh. */
export const REFRESHED = 5;
