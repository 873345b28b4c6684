import type { Frame } from '../frame.js';
import type { Settings } from '../options.js';

/** What a transport is told, and tells, while its connection lasts. Nothing counts once the signal is aborted. */
export interface Link {
  /** Aborted where the connection is given up, with the ClientError for the reason where something is wrong with it. */
  readonly signal: AbortSignal;
  /** The server has taken the connection. */
  opened(): void;
  /** Something came, whatever it was. */
  heard(): void;
  received(frame: Frame): void;
  /** Something came that is no event. */
  malformed(what: string): void;
  /** The server says how long to wait before another connection. */
  askedToWait(ms: number): void;
}

/**
 * One connection: resolves when it ends in good order, and rejects with what is wrong otherwise. Where the signal is
 * aborted it lets go of everything at once; how it settles then, and when, does not matter.
 */
export type Transport = (settings: Settings, lastEventId: string | undefined, link: Link) => Promise<void>;
