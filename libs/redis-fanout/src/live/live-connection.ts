import { isBefore } from './position.js';
import type { LiveListener, LiveUpdate } from './live-update.js';

/** Somebody who listens for a reader, and how far they are. */
export class LiveConnection {
  /** The last entry of which all was told; undefined until it is known where the connection begins. */
  entry: string | undefined;
  /** Set once Redis knows that the reader is connected. */
  hasBegun = false;
  /** Set once all of the history was told. */
  isLive = false;
  isClosed = false;
  /** Set while it is not ready for the rest of a page. */
  isHeld = false;

  constructor(
    readonly reader: string,
    private readonly listener: LiveListener,
    since: string | undefined,
    /** The client was at a place that is none of ours. */
    public isLost = false,
  ) {
    this.entry = since;
  }

  get isReady(): boolean {
    return this.listener.isReady?.() ?? true;
  }

  /** Whether it takes the next entry of a page; once it does not, none of that page any more. */
  takesMore(): boolean {
    this.isHeld ||= !this.isReady;
    return !this.isHeld;
  }

  /** Whether an entry is still to be told. */
  wants(entry: string): boolean {
    return !this.isClosed && this.entry !== undefined && isBefore(this.entry, entry);
  }

  tell(entry: string, update: LiveUpdate): void {
    this.entry = entry;
    this.listener.update(update);
  }

  /** Nothing concerns the connection up to this entry. */
  advance(entry: string): void {
    if (this.entry === undefined || isBefore(this.entry, entry)) this.entry = entry;
  }

  /** Has caught up. */
  goLive(position: string): void {
    this.isLive = true;
    if (!this.isClosed) this.listener.live(position);
  }
}
