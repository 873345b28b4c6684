import { eventArgument } from '../lua/deliver-posts.js';
import type { DeliveryCount } from '../lua/record-deliveries.js';
import type { PostEvent } from './post-event.js';

/** An event on its way into all partitions, and what that came to so far. */
export class EventDelivery implements DeliveryCount {
  pushed = 0;
  skippedInactive = 0;
  leftToPull = 0;
  /** Why it did not get into one of the partitions. */
  failure: unknown;
  /** The event as every partition takes it at first. */
  readonly argument: string;

  constructor(
    readonly event: PostEvent,
    /** Partitions that have not finished. */
    private left: number,
    /** Called when all partitions have finished, one way or the other. */
    private readonly whenFinished: () => void,
  ) {
    this.argument = eventArgument(event);
  }

  /** A partition has everything. */
  add({ pushed, skippedInactive, leftToPull }: DeliveryCount): void {
    this.pushed += pushed;
    this.skippedInactive += skippedInactive;
    this.leftToPull += leftToPull;
    this.finishOne();
  }

  /** A partition refuses it. */
  fail(error: unknown): void {
    this.failure ??= error ?? new Error('a partition refused an event');
    this.finishOne();
  }

  private finishOne(): void {
    if (--this.left === 0) this.whenFinished();
  }
}
