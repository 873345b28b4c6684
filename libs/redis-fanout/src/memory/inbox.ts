import type { Backlog } from '../strategies/fanout-strategy.js';
import type { Held, StoredMessage } from './stored-message.js';

/** What a recipient has not acknowledged, in order. What was handed out comes before what never was. */
export class Inbox {
  private readonly held = new Map<string, Held>();
  private droppedCount = 0;

  get dropped(): number {
    return this.droppedCount;
  }

  /** Puts a message at the end, as one that was never handed out; also one that is there already. */
  put(message: StoredMessage): void {
    this.held.delete(message.id);
    this.held.set(message.id, { message, attempts: 0, leaseUntilMs: 0 });
  }

  /** Drops the oldest of those that were never handed out while they are more than so many. */
  dropAbove(maxMessages: number): void {
    if (this.held.size <= maxMessages) return;
    const fresh = [...this.fresh()];
    for (const { message } of fresh.slice(0, Math.max(0, fresh.length - maxMessages))) {
      this.held.delete(message.id);
      this.droppedCount++;
    }
  }

  /** How many were handed out. */
  get taken(): number {
    return this.held.size - [...this.fresh()].length;
  }

  has(id: string): boolean {
    return this.held.has(id);
  }

  all(): Held[] {
    return [...this.held.values()];
  }

  /** Those that were handed out, and on which nobody has a lease any more. */
  *overdue(): Generator<Held> {
    for (const held of this.held.values()) {
      if (held.leaseUntilMs === 0) return;
      if (held.leaseUntilMs <= Date.now()) yield held;
    }
  }

  /** Those that were never handed out. */
  *fresh(): Generator<Held> {
    for (const held of this.held.values()) if (held.leaseUntilMs === 0) yield held;
  }

  /** Begins the leases of messages that were handed out anew. */
  renew(ids: readonly string[], leaseMs: number): void {
    for (const held of this.handedOut(ids)) held.leaseUntilMs = Date.now() + leaseMs;
  }

  /** Ends the leases of messages that were not begun: that they were handed out was no attempt. */
  giveBack(ids: readonly string[]): void {
    for (const held of this.handedOut(ids)) {
      held.leaseUntilMs = Date.now();
      held.attempts--;
    }
  }

  private handedOut(ids: readonly string[]): Held[] {
    return ids.flatMap((id) => this.held.get(id) ?? []).filter(({ leaseUntilMs }) => leaseUntilMs > 0);
  }

  /** Forgets messages; answers how many were there. */
  forget(ids: readonly string[]): number {
    return ids.filter((id) => this.held.delete(id)).length;
  }
}

/** How much waits in the inboxes of one recipient. */
export function backlogOf(inboxes: readonly Inbox[]): Backlog {
  const now = Date.now();
  const all = inboxes.flatMap((inbox) => inbox.all());
  const waiting = all.filter(({ leaseUntilMs }) => leaseUntilMs <= now).length;
  const bySource = new Map<string, number>();
  let oldest = now;
  for (const { message } of all) {
    bySource.set(message.source, (bySource.get(message.source) ?? 0) + 1);
    oldest = Math.min(oldest, message.ms);
  }
  const dropped = inboxes.reduce((sum, inbox) => sum + inbox.dropped, 0);
  return { waiting, taken: all.length - waiting, dropped, bySource, oldestMs: now - oldest };
}

/** One of each, and again, until all are at their ends. */
export function* inTurn<T>(queues: readonly Iterator<T, unknown>[]): Generator<T> {
  for (let open = [...queues]; open.length > 0;) {
    const unfinished: Iterator<T, unknown>[] = [];
    for (const queue of open) {
      const next = queue.next();
      if (next.done === true) continue;
      unfinished.push(queue);
      yield next.value;
    }
    open = unfinished;
  }
}
