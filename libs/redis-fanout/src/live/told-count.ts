import type { DeliveryHistory } from '../lua/read-deliveries.js';
import type { LiveEvent } from './live-event.js';
import { BEGINNING, isBefore, parsePosition } from './position.js';

/** How often the notifier was told of something in a partition, as far as all of that came here. Unknown after a loss. */
export class ToldCount {
  private count: number | undefined = 0;
  /** The newest place of which that is known: what is told of a newer one counts on. */
  private place = BEGINNING;

  /** Counts what was told. Answers false where something before it is missing. */
  follows({ count, event }: LiveEvent): boolean {
    if (this.count === undefined) return true;
    const place = parsePosition(event)?.place ?? BEGINNING;
    const isNews = isBefore(this.place, place);
    // The count begins anew where the notifier was forgotten, or where Redis has lost the last of it.
    if (count > this.count + 1 || (isNews && count <= this.count && place !== this.place)) return false;
    this.count = Math.max(this.count, count);
    if (isNews) this.place = place;
    return true;
  }

  /** After a loss the history is read, so what was told until then is accounted for. Answers whether it was unknown. */
  goOnFrom({ told, last }: DeliveryHistory): boolean {
    if (this.count !== undefined) return false;
    this.count = told;
    this.place = last;
    return true;
  }

  forget(): void {
    this.count = undefined;
  }

  /** Whether it is known that less came here. */
  isBelow(told: number): boolean {
    return this.count !== undefined && this.count < told;
  }

  /** Whether it is known that so much came here. */
  hasReached(told: number): boolean {
    return this.count !== undefined && this.count >= told;
  }
}
