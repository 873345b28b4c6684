import { setTimeout as delay } from 'node:timers/promises';

import { isStorageUnavailable } from '../errors.js';
import type { PartitionEvent, PartitionProgress } from '../lua/deliver-posts.js';
import type { DeliveryCount } from '../lua/record-deliveries.js';
import type { PostEvent } from './post-event.js';

/** One script call with some events; the answer has an element for each event begun. */
export type DeliverCall = (events: readonly PartitionEvent[]) => Promise<PartitionProgress[]>;

/** An event on its way into one partition, and who waits for it. */
interface Task {
  event: PartitionEvent;
  readonly resolve: (count: DeliveryCount) => void;
  readonly reject: (error: unknown) => void;
}

/** Events of one call at most; a call's work is bounded by its budget. */
const MAX_BATCH = 500;
const MAX_BACKOFF_MS = 1000;

/**
 * Brings events into one partition, one script call at a time. What waits is put together into one call, the oldest
 * post first, as in-order posts are the cheapest. An audience that needs several calls takes turns with the others, so
 * that nobody waits for it.
 */
export class PartitionQueue {
  private waiting: Task[] = [];
  private readonly ongoing: Task[] = [];
  private running = false;
  private ongoingFirst = false;

  constructor(
    private readonly call: DeliverCall,
    private readonly stopped: AbortSignal,
  ) {}

  /** Resolves when everything that the event means for the partition is done there. */
  async deliver({ kind, id, author, mark = '' }: PostEvent): Promise<DeliveryCount> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ event: { kind, id, author, mark, cursor: '' }, resolve, reject });
      if (this.running) return;
      this.running = true;
      // What is handed over in the same turn goes into the same call.
      queueMicrotask(() => void this.run());
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.length + this.ongoing.length > 0) {
      const batch = this.nextBatch();
      try {
        this.settle(batch, await this.callUntilServed(batch));
      } catch (error) {
        await this.deliverAlone(batch, error);
      }
    }
    this.running = false;
  }

  private nextBatch(): Task[] {
    this.waiting.sort((a, b) => (a.event.id < b.event.id ? -1 : 1));
    const fresh = this.waiting.splice(0, MAX_BATCH);
    const large = this.ongoing.splice(0, 1);
    this.ongoingFirst = !this.ongoingFirst;
    return this.ongoingFirst ? [...large, ...fresh] : [...fresh, ...large];
  }

  /** Takes note of how far each event came, and puts those back that are not through. */
  private settle(batch: readonly Task[], progress: readonly PartitionProgress[]): void {
    batch.forEach((task, i) => {
      const step = progress[i];
      if (step !== undefined) {
        task.event = { ...task.event, cursor: step.cursor };
      }
      if (step?.cursor === '') task.resolve(step);
      else (task.event.cursor === '' ? this.waiting : this.ongoing).push(task);
    });
  }

  /** Waits for a Redis that cannot serve: the events stay where they are, and nobody counts that as their failure. */
  private async callUntilServed(batch: readonly Task[]): Promise<PartitionProgress[]> {
    for (let attempt = 0; ; attempt++) {
      this.stopped.throwIfAborted();
      try {
        return await this.call(batch.map((task) => task.event));
      } catch (error) {
        if (!isStorageUnavailable(error)) throw error;
        await delay(Math.min(20 * 2 ** attempt, MAX_BACKOFF_MS), undefined, { signal: this.stopped });
      }
    }
  }

  /** A call failed for another reason: each event is tried by itself, so that one of them does not stop the others. */
  private async deliverAlone(batch: readonly Task[], error: unknown): Promise<void> {
    const [only, ...others] = batch;
    if (others.length === 0) {
      only?.reject(error);
      return;
    }
    for (const task of batch) {
      try {
        this.settle([task], await this.callUntilServed([task]));
      } catch (ownError) {
        task.reject(ownError);
      }
    }
  }
}
