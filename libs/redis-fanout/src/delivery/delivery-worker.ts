import { setTimeout as delay } from 'node:timers/promises';

import { acknowledgeEvents } from '../lua/acknowledge-events.js';
import { renewEntries } from '../lua/renew-entries.js';
import type { StreamEntry } from '../lua/stream-entry.js';
import { takeEntries } from '../lua/take-entries.js';
import { Channels } from '../redis/channels.js';
import type { PartitionedRedis } from '../redis/partitioned.js';
import { reportError } from '../report-error.js';
import { Wakeable } from '../wakeable.js';
import type { Deliverer } from './deliverer.js';
import { isPostEvent, type PostEvent } from './post-event.js';

/** Events that are taken out of an outbox at once. */
const BATCH_SIZE = 100;
/** Batches of an outbox on their way: so posts of all outboxes are at hand to be put in order. */
const BATCHES = 3;
/** Whoever holds events for longer is taken for dead. */
const LEASE_MS = 30_000;
/** An event that was taken so often brings its worker down, or is none. */
const MAX_ATTEMPTS = 20;
const MAX_DEAD_LETTERS = 1000;
/** So long a stop waits for what is being delivered. */
const DRAIN_MS = 5000;
/** Being woken is not relied upon. */
const POLL_MS = 2000;
const MAX_BACKOFF_MS = 1000;

/** How to take part in delivering. */
export interface DeliveryWorkerOptions {
  /** Told of errors; delivering goes on by itself. Without it a process warning is emitted. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Takes events out of the outboxes and delivers them, as one of any number of workers in any number of processes. An event
 * is acknowledged when every partition has it; what a worker that died had taken is delivered by another.
 */
export class DeliveryWorker {
  private readonly channels: Channels;
  private readonly wakeables: readonly Wakeable[];
  private readonly running: Promise<unknown>;
  private stopped = false;

  constructor(
    private readonly redis: PartitionedRedis,
    /** Its own: it is stopped with the worker. */
    private readonly deliverer: Deliverer,
    private readonly group: string,
    private readonly options: DeliveryWorkerOptions = {},
  ) {
    this.channels = new Channels(redis.client);
    this.wakeables = Array.from({ length: redis.keys.partitions }, () => new Wakeable());
    this.running = Promise.all(
      this.wakeables.map(async (wakeable, partition) => this.run(partition, wakeable)),
    );
  }

  /** Takes nothing more, and resolves when what was taken is delivered; after 5 seconds others deliver what is not. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const wakeable of this.wakeables) wakeable.wake();
    const overdue = setTimeout(() => {
      this.deliverer.stop();
    }, DRAIN_MS);
    await this.running;
    clearTimeout(overdue);
    this.channels.close();
  }

  private async run(partition: number, wakeable: Wakeable): Promise<void> {
    void this.hear(partition, wakeable);
    let limit = 1;
    const underWay: Promise<void>[] = [];
    for (let failures = 0; !this.stopped;) {
      try {
        wakeable.begin();
        const entries = await this.take(partition, limit);
        const hasMore = entries.length === limit;
        const delivered = this.deliver(partition, entries, hasMore).catch((error: unknown) => {
          // What is not acknowledged is delivered again, which changes nothing.
          this.tell(error);
        });
        underWay.push(delivered);
        if (underWay.length === BATCHES) await underWay.shift();
        failures = 0;
        // What brings a worker down is soon alone in its batch, and takes no others along into the dead letters.
        limit = Math.min(BATCH_SIZE, 2 * limit);
        if (!hasMore) await this.idle(wakeable);
      } catch (error) {
        // Of a long trouble once.
        if (failures++ === 0) this.tell(error);
        await delay(Math.min(20 * 2 ** failures, MAX_BACKOFF_MS));
      }
    }
    await Promise.all(underWay);
  }

  private async idle(wakeable: Wakeable): Promise<void> {
    if (!this.stopped) await wakeable.sleep(POLL_MS);
  }

  /** Tries until it is told of news; until then, and where that is lost, it looks by itself. */
  private async hear(partition: number, wakeable: Wakeable): Promise<void> {
    const wake = (): void => {
      wakeable.wake();
    };
    const channel = this.redis.keys.outbox(partition);
    while (!this.stopped) {
      try {
        await this.channels.subscribe('sharded', channel, { message: wake, gap: wake });
        return;
      } catch {
        await delay(MAX_BACKOFF_MS);
      }
    }
  }

  private async take(partition: number, limit: number): Promise<StreamEntry[]> {
    const { client, keys } = this.redis;
    const names = {
      stream: keys.outbox(partition),
      deadLetters: keys.undeliverable(partition),
    };
    const args = {
      group: this.group,
      limit,
      leaseMs: LEASE_MS,
      maxAttempts: MAX_ATTEMPTS,
      maxDeadLetters: MAX_DEAD_LETTERS,
    };
    try {
      return await takeEntries(client, names, args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('NOGROUP')) throw error;
      // From the beginning, never from now: what is there already waits for the first worker.
      await client.xgroup('CREATE', names.stream, this.group, '0', 'MKSTREAM').catch(ignoreExisting);
      return takeEntries(client, names, args);
    }
  }

  private async deliver(partition: number, entries: readonly StreamEntry[], hasMore: boolean): Promise<void> {
    if (entries.length === 0) return;
    const events = entries.flatMap((entry) => {
      const event = eventOf(entry);
      return event === undefined ? [] : [{ id: entry.id, event }];
    });
    const renewal = setInterval(() => void this.renew(partition, entries), LEASE_MS / 3);
    const delivered = (await this.deliverAll(events, hasMore)) ? events : await this.deliverEach(events);
    clearInterval(renewal);
    if (delivered.length === 0) return;
    await acknowledgeEvents(
      this.redis.client,
      { outbox: this.redis.keys.outbox(partition) },
      { group: this.group },
      delivered.map(({ id }) => id),
    );
  }

  /** A large audience may take longer than a lease. */
  private async renew(partition: number, entries: readonly StreamEntry[]): Promise<void> {
    const outbox = this.redis.keys.outbox(partition);
    const args = { group: this.group, leaseMs: LEASE_MS };
    // One that fails is made up for by the next, or the events are delivered again, which changes nothing.
    await renewEntries(this.redis.client, { stream: outbox }, args, entries).catch(() => undefined);
  }

  private async deliverAll(
    events: readonly { readonly event: PostEvent }[],
    hasMore: boolean,
  ): Promise<boolean> {
    try {
      await this.deliverer.deliver(
        events.map(({ event }) => event),
        hasMore,
      );
      return true;
    } catch {
      return false;
    }
  }

  /** One event that Redis refuses must not hold up the others: it comes again, and in the end is put aside. */
  private async deliverEach<T extends { readonly event: PostEvent }>(events: readonly T[]): Promise<T[]> {
    const delivered: T[] = [];
    for (const entry of events) {
      try {
        await this.deliverer.deliver([entry.event]);
        delivered.push(entry);
      } catch (error) {
        this.tell(error);
      }
    }
    return delivered;
  }

  private tell(error: unknown): void {
    if (!this.stopped) reportError(this.options, error);
  }
}

function eventOf(entry: StreamEntry): PostEvent | undefined {
  try {
    const event: unknown = JSON.parse(entry.fields.get('data') ?? '');
    return isPostEvent(event) ? event : undefined;
  } catch {
    return undefined;
  }
}

function ignoreExisting(error: unknown): void {
  if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
}
