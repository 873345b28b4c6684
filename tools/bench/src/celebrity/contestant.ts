import type { NumberedPost } from '../fanout/post.js';
import type { World } from './world.js';

/** What the process does that users speak to. */
export interface Service {
  /** Writes who follows whom, and timelines of posts that are there. The worker runs already. */
  prepare(world: World): Promise<void>;
  /** Stores a post, and leaves its delivery to the worker. Answers its id. */
  publish(post: NumberedPost): Promise<string>;
  /** The ids of a reader's newest posts, newest first; resolves when their texts are there, too. */
  page(reader: number): Promise<string[]>;
}

/** What the process does that delivers. */
export interface Worker {
  /** When all followers of these posts could read them, by `nowMs`. Waits until they can; each is asked for once. */
  visibleAtMs(ids: readonly string[]): Promise<number[]>;
}

/** How a process of a contestant is set up. */
export interface Setup {
  readonly redisUrl: string;
  /** What ours leaves to be pulled; as it is by default, where this is not given. */
  readonly pushMaxFollowers?: number;
}

/** A way to let followers see posts, in two processes. */
export interface Contestant {
  readonly name: string;
  readonly openService: (setup: Setup) => Promise<Service>;
  readonly openWorker: (setup: Setup) => Promise<Worker>;
}
