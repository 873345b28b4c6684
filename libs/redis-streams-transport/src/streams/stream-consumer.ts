import { duplicateClient, logConnection, type RedisClient, connectionName } from '../redis/redis-client.js';
import { settlesWithin } from '../timing.js';
import { type Consumption } from './consumption.js';
import { Delivery } from './delivery.js';
import { InFlightEntries } from './in-flight-entries.js';
import { StreamReader } from './stream-reader.js';
import { StreamRecovery } from './stream-recovery.js';

/** What one consumer has done with one stream since its start. */
export interface StreamProgress {
  readonly stream: string;
  /** Whether its group exists, its own pending entries have been delivered again, and new ones are being read. */
  readonly reading: boolean;
  /** Entries that a handler is at work on. */
  readonly inFlight: number;
  /** Own entries that wait for their next delivery. */
  readonly waitingForRetry: number;
  readonly acknowledged: number;
  /** Deliveries that failed. */
  readonly failed: number;
  readonly deadLettered: number;
}

/** Everything that consumes one stream: reading, recovery, and the renewal of what is in flight. */
export class StreamConsumer {
  private readonly inFlight: InFlightEntries;
  private readonly delivery: Delivery;
  private readonly recovery: StreamRecovery;
  private readonly reader: StreamReader;
  private readonly connection: RedisClient;
  private done: Promise<unknown> = Promise.resolve();
  private reading = false;

  constructor(
    private readonly consumption: Consumption,
    client: RedisClient,
  ) {
    const { keys, settings, logger } = consumption;
    const name = connectionName(settings.group, settings.consumer, keys.stream);
    // Above twice the block: a blocked read has no answer for that long, and a dead peer has none for ever.
    const socketTimeoutMs = 2 * settings.blockMs + 1000;
    this.connection = duplicateClient(client, { name, socketTimeoutMs, reconnects: true });
    logConnection(this.connection, logger, `reading ${keys.stream}`);
    this.inFlight = new InFlightEntries(consumption);
    this.delivery = new Delivery(consumption, this.inFlight, (entries, dueInMs) => {
      this.recovery.noteFailed(entries, dueInMs);
    });
    this.recovery = new StreamRecovery(consumption, this.inFlight, this.delivery);
    this.reader = new StreamReader(consumption, this.connection, name, this.delivery, this.recovery);
  }

  start(): void {
    this.inFlight.startRenewing();
    this.done = this.run();
  }

  /** To be called after the signal to stop: waits for what is in flight, at most that long. Never rejects. */
  async stop(drainMs: number): Promise<void> {
    const deadline = Date.now() + drainMs;
    await this.reader.stop(drainMs);
    const hasWork = this.inFlight.size > 0 || this.consumption.commands.status === 'ready';
    if (hasWork) await settlesWithin(this.done, Math.max(0, deadline - Date.now()));
    this.inFlight.stopRenewing();
    this.reading = false;
  }

  progress(): StreamProgress {
    return {
      stream: this.consumption.keys.stream,
      reading: this.reading,
      inFlight: this.inFlight.size,
      waitingForRetry: this.recovery.waiting,
      ...this.delivery.counts,
    };
  }

  private async run(): Promise<void> {
    await this.recovery.start();
    this.reading = !this.consumption.stopping.aborted;
    await Promise.all([this.reader.run(), this.recovery.run()]);
  }
}
