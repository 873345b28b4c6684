import { isBefore } from './position.js';
import type { LiveListener, LiveUpdate } from './live-update.js';

/** Somebody who listens for a reader, and how far they are. */
export class LiveConnection {
  /** Up to where all was told; undefined until it is known where the connection begins. */
  place: string | undefined;
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
    this.place = since;
  }

  get isReady(): boolean {
    return this.listener.isReady?.() ?? true;
  }

  /** Whether it takes the next event of a page; once it does not, none of that page any more. */
  takesMore(): boolean {
    this.isHeld ||= !this.isReady;
    return !this.isHeld;
  }

  /** Whether the event of a place is still to be told. */
  wants(place: string): boolean {
    return !this.isClosed && this.place !== undefined && isBefore(this.place, place);
  }

  tell(place: string, update: LiveUpdate): void {
    this.place = place;
    this.listener.update(update);
  }

  /** Nothing concerns the connection up to this place. */
  advance(place: string): void {
    if (this.place === undefined || isBefore(this.place, place)) this.place = place;
  }

  /** Has caught up. */
  goLive(position: string): void {
    this.isLive = true;
    if (!this.isClosed) this.listener.live(position);
  }
}
