import { setTimeout as delay } from 'node:timers/promises';

import { isStorageUnavailable } from '../errors.js';
import type { PartitionEvent, PartitionProgress } from '../lua/deliver-posts.js';
import type { DeliveryCount } from '../lua/record-deliveries.js';
import { Wakeable } from '../wakeable.js';
import type { Frontiers } from './frontiers.js';
import type { PostEvent } from './post-event.js';

function byPost(a: Task, b: Task): number {
  return a.event.id < b.event.id ? -1 : a.event.id > b.event.id ? 1 : 0;
}

/** One script call with some events; the answer has an element for each event begun. */
export type DeliverCall = (events: readonly PartitionEvent[]) => Promise<PartitionProgress[]>;

/** An event on its way into one partition, and who waits for it. */
interface Task {
  event: PartitionEvent;
  /** How many calls there had been when it was handed over. */
  readonly since: number;
  readonly resolve: (count: DeliveryCount) => void;
  readonly reject: (error: unknown) => void;
}

/** Events of one call at most; a call's work is bounded by its budget. */
const MAX_BATCH = 500;
const MAX_BACKOFF_MS = 1000;
/** What was left out of so many calls goes first, so that nothing waits for older posts for ever. */
const MAX_PASSED_OVER = 200;
/** So long an outbox that has more to hand over is waited for. */
const PATIENCE_MS = 10;

/**
 * Brings events into one partition, one script call at a time. What waits is put together into one call, the oldest
 * post first, as in-order posts are the cheapest: for the same reason nothing goes past what is just being taken out of another
 * outbox. An audience that needs several calls takes turns with the others, so that nobody waits for it.
 */
export class PartitionQueue {
  private waiting: Task[] = [];
  private readonly ongoing: Task[] = [];
  private readonly news = new Wakeable();
  private running = false;
  private calls = 0;

  constructor(
    private readonly call: DeliverCall,
    private readonly stopped: AbortSignal,
    private readonly frontiers: Frontiers,
  ) {}

  /** Resolves when everything that the event means for the partition is done there. */
  async deliver({ kind, id, author, mark = '' }: PostEvent): Promise<DeliveryCount> {
    return new Promise((resolve, reject) => {
      const event = { kind, id, author, mark, cursor: '' };
      this.waiting.push({ event, since: this.calls, resolve, reject });
      this.news.wake();
      if (this.running) return;
      this.running = true;
      // What is handed over in the same turn goes into the same call.
      queueMicrotask(() => void this.run());
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.length + this.ongoing.length > 0) {
      const batch = this.nextBatch();
      if (batch.length === 0) {
        await this.awaitNews();
        continue;
      }
      try {
        this.settle(batch, await this.callUntilServed(batch));
      } catch (error) {
        await this.deliverAlone(batch, error);
      }
    }
    this.running = false;
  }

  private nextBatch(): Task[] {
    this.calls++;
    const fresh = this.passedOver() ?? this.oldestPosts();
    const large = this.ongoing.splice(0, 1);
    return this.calls % 2 === 0 ? [...large, ...fresh] : [...fresh, ...large];
  }

  private passedOver(): Task[] | undefined {
    const latest = this.calls - MAX_PASSED_OVER;
    if (!this.waiting.some(({ since }) => since < latest)) return undefined;
    this.waiting.sort((a, b) => a.since - b.since || byPost(a, b));
    return this.waiting.splice(0, MAX_BATCH);
  }

  private oldestPosts(): Task[] {
    const { limit } = this.frontiers;
    this.waiting.sort(byPost);
    const beyond = limit === undefined ? -1 : this.waiting.findIndex(({ event }) => event.id > limit);
    return this.waiting.splice(0, Math.min(MAX_BATCH, beyond < 0 ? MAX_BATCH : beyond));
  }

  /** All that waits is beyond the limit: some outbox is expected to hand over more. */
  private async awaitNews(): Promise<void> {
    const { limit } = this.frontiers;
    this.news.begin();
    await this.news.sleep(PATIENCE_MS);
    if (limit !== undefined && limit === this.frontiers.limit) this.frontiers.lift(limit);
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
