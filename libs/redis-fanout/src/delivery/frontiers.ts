/**
 * How far the posts of each outbox were handed over. Posts in the order of their ids cost least: who goes past what an
 * outbox has handed over, though it has more, makes that late. This is about cost alone; late posts go to their place, too.
 */
export class Frontiers {
  private readonly newest = new Map<number, string>();

  /** Posts of an outbox were handed over, the newest of which is this; and whether more follow at once. */
  note(outbox: number, newest: string, hasMore: boolean): void {
    const before = this.newest.get(outbox) ?? '';
    if (hasMore) this.newest.set(outbox, newest > before ? newest : before);
    else this.newest.delete(outbox);
  }

  /** Up to this id nothing older is to be expected; undefined where nothing is expected at all. */
  get limit(): string | undefined {
    let least: string | undefined;
    for (const id of this.newest.values()) if (least === undefined || id < least) least = id;
    return least;
  }

  /** The outboxes that set this limit hand over nothing more for now. */
  lift(limit: string): void {
    for (const [outbox, id] of this.newest) if (id === limit) this.newest.delete(outbox);
  }
}
