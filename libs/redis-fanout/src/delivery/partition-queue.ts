import { setTimeout as delay } from 'node:timers/promises';

import { isStorageUnavailable } from '../errors.js';
import { eventArgument, type PartitionProgress } from '../lua/deliver-posts.js';
import { Wakeable } from '../wakeable.js';
import type { EventDelivery } from './event-delivery.js';
import type { Frontiers } from './frontiers.js';

/**
 * One script call with some events (`eventArgument`), and whether it goes on with a large audience; the answer has an element
 * for each event begun.
 */
export type DeliverCall = (events: readonly string[], isLarge: boolean) => Promise<PartitionProgress[]>;

/** An event on its way into one partition. */
interface Task {
  readonly delivery: EventDelivery;
  /** Its post. */
  readonly id: string;
  /** How many calls there had been when it was handed over. */
  readonly since: number;
  /** Where it goes on; empty before it was begun. */
  readonly cursor: string;
}

function byPost(a: Task, b: Task): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Events of one call at most; a call's work is bounded by its budget. */
const MAX_BATCH = 500;
/** So many more than the last call came to are sent with the next one. */
const MORE_THAN_BEFORE = 32;
const MAX_BACKOFF_MS = 1000;
/** In one of so many calls what waits longest goes first, so that nothing waits for older posts for ever. */
const LONGEST_WAITING_EVERY = 200;
/** So long an outbox that has more to hand over is waited for. */
const PATIENCE_MS = 300;

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
  private isSorted = true;
  private calls = 0;
  /** Events of the next call at most: what does not fit into the budget is sent in vain. */
  private batchSize = MAX_BATCH;

  constructor(
    private readonly call: DeliverCall,
    private readonly stopped: AbortSignal,
    private readonly frontiers: Frontiers,
  ) {}

  /** Takes events, and reports to each what came of it. */
  add(deliveries: readonly EventDelivery[]): void {
    for (const delivery of deliveries) {
      this.wait({ delivery, id: delivery.event.id, since: this.calls, cursor: '' });
    }
    this.news.wake();
    if (this.running) return;
    this.running = true;
    // What is handed over in the same turn goes into the same call.
    queueMicrotask(() => void this.run());
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
    const fresh = this.calls % LONGEST_WAITING_EVERY === 0 ? this.longestWaiting() : this.oldestPosts();
    const large = this.ongoing.splice(0, 1);
    return this.calls % 2 === 0 ? [...large, ...fresh] : [...fresh, ...large];
  }

  private longestWaiting(): Task[] {
    this.waiting.sort((a, b) => a.since - b.since || byPost(a, b));
    this.isSorted = false;
    return this.waiting.splice(0, this.batchSize);
  }

  private oldestPosts(): Task[] {
    if (!this.isSorted) this.waiting.sort(byPost);
    this.isSorted = true;
    const { limit } = this.frontiers;
    const beyond = limit === undefined ? -1 : this.waiting.findIndex(({ id }) => id > limit);
    return this.waiting.splice(0, beyond < 0 ? this.batchSize : Math.min(this.batchSize, beyond));
  }

  private wait(task: Task): void {
    const last = this.waiting.at(-1);
    if (last !== undefined && task.id < last.id) this.isSorted = false;
    this.waiting.push(task);
  }

  /** All that waits is beyond the limit: some outbox is expected to hand over more, but not for ever. */
  private async awaitNews(): Promise<void> {
    const { limit } = this.frontiers;
    const deadline = performance.now() + PATIENCE_MS;
    while (limit !== undefined && limit === this.frontiers.limit) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) {
        this.frontiers.lift(limit);
        return;
      }
      this.news.begin();
      await this.news.sleep(leftMs);
    }
  }

  /** Takes note of how far each event came, and puts those back that are not through. */
  private settle(batch: readonly Task[], progress: readonly PartitionProgress[]): void {
    this.batchSize = Math.min(MAX_BATCH, progress.length + MORE_THAN_BEFORE);
    batch.forEach((task, i) => {
      const step = progress[i];
      if (step === undefined) this.putBack(task);
      else if (typeof step !== 'string') task.delivery.add(step);
      else this.putBack({ ...task, cursor: step });
    });
  }

  private putBack(task: Task): void {
    if (task.cursor === '') this.wait(task);
    else this.ongoing.push(task);
  }

  /** Waits for a Redis that cannot serve: the events stay where they are, and nobody counts that as their failure. */
  private async callUntilServed(batch: readonly Task[]): Promise<PartitionProgress[]> {
    for (let attempt = 0; ; attempt++) {
      this.stopped.throwIfAborted();
      try {
        const isLarge = batch.some(({ cursor }) => cursor !== '');
        return await this.call(batch.map(argumentOf), isLarge);
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
      only?.delivery.fail(error);
      return;
    }
    for (const task of batch) {
      try {
        this.settle([task], await this.callUntilServed([task]));
      } catch (ownError) {
        task.delivery.fail(ownError);
      }
    }
  }
}

function argumentOf({ delivery, cursor }: Task): string {
  return cursor === '' ? delivery.argument : eventArgument(delivery.event, cursor);
}
