import type { DirectMessage } from '../messages/direct-message.js';
import type { Post } from '../posts/post.js';

/** What a reader is told. Positions name where the reader is then: one goes on after the last one had. */
export type LiveUpdate =
  | { readonly event: 'post' | 'edited'; readonly position: string; readonly data: Post }
  | { readonly event: 'deleted'; readonly position: string; readonly data: { readonly id: string } }
  | { readonly event: 'message'; readonly position: string; readonly data: DirectMessage }
  /** The history does not reach back to where the reader was: timeline and inbox are to be read. */
  | { readonly event: 'resync'; readonly position: string; readonly data: Readonly<Record<string, never>> };

/** Who is told. Each update comes once, in the order in which things happened. */
export interface LiveListener {
  /** Something happened. It must not throw. */
  update(update: LiveUpdate): void;
  /** Everything up to this position was told, and what happens next is told as it happens. */
  live(position: string): void;
  /**
   * Whether it takes more of the history now; where it is absent, always. Who does not is left where they are until
   * `LiveSubscription.goOn` is called. What happens live is told in any case.
   */
  isReady?(): boolean;
}

/** Somebody who is told what happens to a reader's timeline and inbox. */
export interface LiveSubscription {
  /** Everything up to here was told; a later `connect` goes on from it. Undefined until it is known. */
  readonly position: string | undefined;
  /** The listener is ready again. */
  goOn(): void;
  /** Nothing more is told. */
  close(): void;
}
