import type { Post } from 'redis-fanout';

/** Who is told what comes over a client's connection. */
export interface Listener {
  /** A post came, at this time of `nowMs`. */
  post(post: Post, atMs: number): void;
  /** The connection has ended, or something came that does not belong there. */
  lost(reason: string): void;
}

/** Opens the connection of a reader. Resolves when all that is published from then on will come. */
export type Connect = (port: number, reader: string, listener: Listener) => Promise<void>;
