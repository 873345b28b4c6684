import { errorText } from '../errors.js';
import { type RedisClient, unblockConnection } from '../redis/redis-client.js';
import { backoffMs, settlesWithin, sleep } from '../timing.js';
import { type Consumption, ensureGroup, isGroupMissing } from './consumption.js';
import { type Delivery } from './delivery.js';
import { type StreamEntry } from './stream-entry.js';
import { type StreamRecovery } from './stream-recovery.js';

/** Where this many batches wait for a retry, whatever handles them is down: no more are taken. */
const MAX_FAILED_BATCHES = 4;
/** For each batch in flight: one in handlers, and one that was handled and of which Redis is being told. */
const UNSETTLED_BATCHES = 2;

/** Reads new entries of one stream over a connection of its own, and has them delivered batch by batch. */
export class StreamReader {
  /** What the next batch waits for. */
  private readonly handling = new Set<Promise<unknown>>();
  /** All that is not settled. */
  private readonly batches = new Set<Promise<unknown>>();
  private abandonRead: () => void = () => undefined;
  private reading: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly consumption: Consumption,
    private readonly connection: RedisClient,
    private readonly name: string,
    private readonly delivery: Delivery,
    private readonly recovery: StreamRecovery,
  ) {}

  /** Reads until the stop, then resolves when the batches in flight are settled. */
  async run(): Promise<void> {
    for (let failures = 0; !this.isStopping();) {
      await this.hasRoom();
      if (this.isStopping()) break;
      try {
        this.start(await this.read());
        failures = 0;
      } catch (error) {
        await this.recover(error, ++failures);
      }
    }
    await Promise.all(this.batches);
  }

  /** Ends a read that waits for entries. What it has been given in the last moment is still delivered. */
  async stop(withinMs: number): Promise<void> {
    const { commands, settings } = this.consumption;
    if (this.connection.status === 'ready' && commands.status === 'ready') {
      const unblocked = unblockConnection(commands, this.name);
      await settlesWithin(unblocked, withinMs);
      await settlesWithin(this.reading, Math.min(withinMs, settings.blockMs + 1000));
    }
    this.abandonRead();
    this.connection.disconnect();
  }

  private isStopping(): boolean {
    return this.consumption.stopping.aborted;
  }

  private async hasRoom(): Promise<void> {
    const { settings, stopping } = this.consumption;
    while (this.handling.size >= settings.maxInFlightBatches) await Promise.race(this.handling);
    const unsettledLimit = UNSETTLED_BATCHES * settings.maxInFlightBatches;
    while (this.batches.size >= unsettledLimit) await Promise.race(this.batches);
    const limit = MAX_FAILED_BATCHES * settings.batchSize * settings.maxInFlightBatches;
    while (this.recovery.waiting >= limit && !stopping.aborted) await sleep(settings.retryDelayMs, stopping);
  }

  private async read(): Promise<StreamEntry[]> {
    const { keys, settings } = this.consumption;
    const { group, consumer, batchSize, blockMs } = settings;
    const reply = this.connection.xreadgroup(
      ...([
        'GROUP',
        group,
        consumer,
        'COUNT',
        batchSize,
        'BLOCK',
        blockMs,
        'STREAMS',
        keys.stream,
        '>',
      ] as const),
    );
    this.reading = reply;
    const read = await new Promise<unknown>((resolve, reject: (error: unknown) => void) => {
      // ioredis may leave a command unsettled when it is disconnected in the middle of connecting.
      this.abandonRead = () => {
        resolve(null);
      };
      reply.then(resolve, reject);
    });
    const entries = (read as [string, [string, string[]][]][] | null)?.[0]?.[1] ?? [];
    return entries.map(([id, fields]) => ({ id, deliveries: 1, fields }));
  }

  /** After a full batch, more are waiting: they are read while Redis is told of it. Otherwise the next may grow meanwhile. */
  private start(entries: readonly StreamEntry[]): void {
    if (entries.length === 0) return;
    const { handled, settled } = this.delivery.begin(entries);
    const isFull = entries.length === this.consumption.settings.batchSize;
    keepUntilDone(this.handling, isFull ? handled : settled);
    keepUntilDone(this.batches, settled);
  }

  private async recover(error: unknown, failures: number): Promise<void> {
    const { logger, keys, stopping } = this.consumption;
    if (stopping.aborted) return;
    try {
      if (!isGroupMissing(error)) throw error;
      logger.warn(
        `${keys.stream}: the stream or its group is gone; the group starts again from the beginning`,
      );
      await ensureGroup(this.consumption);
    } catch (problem) {
      logger.warn(`${keys.stream}: reading failed, and goes on: ${errorText(problem)}`);
      await sleep(backoffMs(failures, 100, 5000), stopping);
    }
  }
}

function keepUntilDone(promises: Set<Promise<unknown>>, promise: Promise<unknown>): void {
  promises.add(promise);
  void promise.then(() => promises.delete(promise));
}
