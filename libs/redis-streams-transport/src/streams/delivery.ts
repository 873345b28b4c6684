import { errorText } from '../errors.js';
import { acknowledgeEntries } from '../lua/acknowledge-entries.js';
import { deadLetterEntry, type DeadLetterOutcome } from '../lua/dead-letter-entry.js';
import { recordFailure } from '../lua/record-failure.js';
import { backoffMs, sleep } from '../timing.js';
import { Acknowledgements } from './acknowledgements.js';
import { type Consumption } from './consumption.js';
import { type InFlightEntries } from './in-flight-entries.js';
import { type Run, toRuns } from './runs.js';
import { type StreamEntry } from './stream-entry.js';

/** About 20 seconds of tries; then the entries stay pending and are delivered again. */
const MAX_TRIES = 8;
const FULL_LOG_INTERVAL_MS = 60_000;

/** Entries on their way. Neither promise rejects. */
export interface BegunDelivery {
  /** When the handlers have ended. */
  readonly handled: Promise<unknown>;
  /** When every entry is settled, or stays pending. */
  readonly settled: Promise<void>;
}

/** Gives entries to their handlers and settles each: acknowledged, failed, or given up. */
export class Delivery {
  readonly counts = { acknowledged: 0, failed: 0, deadLettered: 0 };
  private readonly acknowledgements = new Acknowledgements(async (ids) => this.acknowledge(ids));
  private fullLoggedAt = 0;

  constructor(
    private readonly consumption: Consumption,
    private readonly inFlight: InFlightEntries,
    /** Told how soon entries that failed are due again. */
    private readonly onFailed: (entries: number, dueInMs: number) => void,
  ) {}

  /** Resolves when every entry is settled, or stays pending. Never rejects. */
  async deliver(entries: readonly StreamEntry[]): Promise<void> {
    await this.begin(entries).settled;
  }

  /** As `deliver`, for who goes on while Redis is told. */
  begin(entries: readonly StreamEntry[]): BegunDelivery {
    const ids = idsOf(entries);
    this.inFlight.add(ids);
    const handled = this.handleAll(entries);
    const settled = handled
      .then(async (acknowledging) => Promise.all(acknowledging))
      .then(() => {
        this.inFlight.remove(ids);
      });
    return { handled, settled };
  }

  /** Moves an entry to the dead letters; where they are full it stays pending, and that is logged. */
  async giveUp(id: string): Promise<DeadLetterOutcome> {
    const { commands, keys, settings, logger } = this.consumption;
    const { group, consumer, minIdleMs, deadLetterLimit: limit } = settings;
    const outcome = await deadLetterEntry(commands, keys, { group, consumer, id, minIdleMs, limit });
    if (outcome === 'moved') {
      this.counts.deadLettered++;
      logger.error(`${keys.stream}: entry ${id} was given up and is a dead letter now`);
    } else if (outcome === 'full' && Date.now() - this.fullLoggedAt > FULL_LOG_INTERVAL_MS) {
      this.fullLoggedAt = Date.now();
      logger.error(`${keys.deadLetters} is at its limit of ${limit}: entries stay pending`);
    }
    return outcome;
  }

  /** Returns the acknowledgements, which go on. */
  private async handleAll(entries: readonly StreamEntry[]): Promise<Promise<void>[]> {
    const { runs, unreadable } = toRuns(entries);
    await Promise.all(unreadable.map(({ entry, error }) => this.fail([entry], error)));
    const acknowledging: Promise<void>[] = [];
    for (const run of runs) {
      if (await this.handle(run)) acknowledging.push(this.acknowledgements.add(idsOf(run.entries)));
    }
    return acknowledging;
  }

  /** Returns whether the run is to be acknowledged. */
  private async handle(run: Run): Promise<boolean> {
    const { keys, deliver } = this.consumption;
    try {
      await deliver(keys.stream, run);
      return true;
    } catch (error) {
      await this.fail(run.entries, error);
      return false;
    }
  }

  private async acknowledge(ids: readonly string[]): Promise<void> {
    const { keys, settings, commands } = this.consumption;
    const done = await this.persist('acknowledged', () =>
      acknowledgeEntries(commands, keys, settings.group, ids),
    );
    if (done) this.counts.acknowledged += ids.length;
  }

  private async fail(entries: readonly StreamEntry[], error: unknown): Promise<void> {
    const { keys, settings, commands, logger } = this.consumption;
    const { group, consumer, maxAttempts, retryDelayMs, maxRetryDelayMs } = settings;
    const text = errorText(error);
    const ids = idsOf(entries);
    this.counts.failed += entries.length;
    logger.warn(`${keys.stream}: ${entries.length} entries from ${String(ids[0])} failed: ${text}`);
    await this.persist('recorded as failed', () =>
      recordFailure(commands, keys, { group, consumer, error: text, ids }),
    );
    for (const { id, deliveries } of entries) {
      if (deliveries < maxAttempts) this.onFailed(1, backoffMs(deliveries, retryDelayMs, maxRetryDelayMs));
      else await this.giveUpOrKeep(id);
    }
  }

  private async giveUpOrKeep(id: string): Promise<void> {
    const { maxRetryDelayMs } = this.consumption.settings;
    await this.persist('moved to the dead letters', async () => {
      if ((await this.giveUp(id)) === 'full') this.onFailed(1, maxRetryDelayMs);
    });
  }

  /** Tries until it is done, too often, or too late. Returns whether it is done. */
  private async persist(what: string, action: () => Promise<unknown>): Promise<boolean> {
    const { keys, logger, closed } = this.consumption;
    for (let attempt = 1; ; attempt++) {
      try {
        await action();
        return true;
      } catch (error) {
        if (closed.aborted || attempt === MAX_TRIES) {
          logger.warn(`${keys.stream}: entries could not be ${what} and stay pending: ${errorText(error)}`);
          return false;
        }
        await sleep(backoffMs(attempt, 100, 5000), closed);
      }
    }
  }
}

function idsOf(entries: readonly StreamEntry[]): string[] {
  return entries.map(({ id }) => id);
}
