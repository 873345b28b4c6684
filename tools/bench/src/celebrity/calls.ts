import type { Setup } from './contestant.js';
import type { WorldSpec } from './world.js';

/** What a process is opened with. */
interface Opening extends Setup {
  readonly contestant: string;
}

/** What the process of a service answers. */
export interface ServiceCalls {
  readonly open: (opening: Opening & { readonly world: WorldSpec }) => Promise<void>;
  /** See `Service`. */
  readonly prepare: () => Promise<void>;
  /** Lets users do what they do for a while. */
  readonly load: (load: LoadSpec) => Promise<LoadReport>;
  /** The celebrity's post of the window that is open. Resolves when it is stored. */
  readonly celebrityPost: () => Promise<Posted>;
  /** The celebrity's post is delivered: the window may end. */
  readonly end: () => void;
  /** See `Service`. */
  readonly pages: (readers: readonly number[]) => Promise<readonly (readonly string[])[]>;
  readonly cpuUs: () => number;
}

/** What the process of a worker answers. */
export interface WorkerCalls {
  readonly open: (opening: Opening) => Promise<void>;
  /** See `Worker`. */
  readonly visibleAtMs: (ids: readonly string[]) => Promise<readonly number[]>;
  readonly cpuUs: () => number;
}

/** A window. */
export interface LoadSpec {
  readonly postsPerSecond: number;
  readonly pagesPerSecond: number;
  /** So long it lasts; where a celebrity posts, until `end` is called, too, but not beyond the most. */
  readonly seconds: number;
  readonly maxSeconds: number;
  /** Which of the celebrities posts, by index. */
  readonly celebrity?: number;
  readonly seed: number;
}

/** A post that was stored. */
export interface Posted {
  readonly id: string;
  readonly author: number;
  /** When it was due, by `nowMs`. */
  readonly dueMs: number;
}

/** What a window has come to. */
export interface LoadReport {
  readonly seconds: number;
  /** Small posts. */
  readonly posts: readonly Posted[];
  readonly pages: { readonly p50Ms: number; readonly p99Ms: number };
}
