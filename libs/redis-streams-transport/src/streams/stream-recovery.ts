import { errorText } from '../errors.js';
import { claimEntries } from '../lua/claim-entries.js';
import { Alarm, backoffMs, sleep } from '../timing.js';
import { type Consumption, ensureGroup, isGroupMissing } from './consumption.js';
import { type Delivery } from './delivery.js';
import { type InFlightEntries } from './in-flight-entries.js';
import { type PendingEntry, planRecovery } from './recovery-plan.js';

/** Entries delivered once so far are delivered again in chunks of this size. */
const CHUNK = 32;
const PAGE = 1000;
/** Of one pass; what is beyond them is left to the next one. */
const MAX_PAGES = 20;

/**
 * Delivers again what was delivered in vain: the consumer's own entries of an earlier life, those whose handler failed,
 * and those of consumers that show no life. How often an entry was delivered is counted by Redis, so entries that kill
 * their process are counted, too.
 */
export class StreamRecovery {
  private readonly alarm = new Alarm();
  private waitingForRetry = 0;

  constructor(
    private readonly consumption: Consumption,
    private readonly inFlight: InFlightEntries,
    private readonly delivery: Delivery,
  ) {}

  /** How many own entries wait for their next delivery. */
  get waiting(): number {
    return this.waitingForRetry;
  }

  /** Entries failed, and are due again within that time. */
  noteFailed(entries: number, dueInMs: number): void {
    this.waitingForRetry += entries;
    this.alarm.setWithin(dueInMs);
  }

  /** Creates the group and delivers the consumer's own pending entries once; tries until Redis lets it, or the stop. */
  async start(): Promise<void> {
    const { stopping } = this.consumption;
    for (let attempt = 1; !stopping.aborted; attempt++) {
      try {
        await ensureGroup(this.consumption);
        await this.pass(true);
        return;
      } catch (error) {
        this.log(error);
        await sleep(backoffMs(attempt, 100, 5000), stopping);
      }
    }
  }

  /** Delivers whatever is due, until the stop. */
  async run(): Promise<void> {
    const { stopping, settings } = this.consumption;
    for (let failures = 0; !stopping.aborted;) {
      this.alarm.setWithin(settings.minIdleMs / 2);
      await this.alarm.rings(stopping);
      try {
        await this.pass(false);
        failures = 0;
      } catch (error) {
        if (isGroupMissing(error)) this.waitingForRetry = 0;
        else this.log(error);
        this.alarm.setWithin(backoffMs(++failures, 500, 10_000));
      }
    }
  }

  private async pass(atStart: boolean): Promise<void> {
    const { settings, stopping } = this.consumption;
    if (this.isStopping()) return;
    const listed = [...(await this.listOwn()), ...(atStart ? [] : await this.listStale())];
    const pending = listed.filter(({ id }) => !this.inFlight.has(id));
    const plan = planRecovery(pending, settings, atStart);
    this.waitingForRetry = this.countOwn(pending);
    this.alarm.setWithin(plan.nextDueMs);
    const kept = await this.giveUp(plan.exhausted);
    for (let i = 0; i < plan.once.length && !this.isStopping(); i += CHUNK) {
      await this.redeliver(plan.once.slice(i, i + CHUNK));
    }
    for (const suspect of [...plan.suspects, ...kept]) {
      await this.consumption.suspects.run(() => this.redeliver([suspect]), settings.minIdleMs, stopping);
    }
  }

  private isStopping(): boolean {
    return this.consumption.stopping.aborted;
  }

  /** Returns those that found no place and have waited for the largest backoff: they get another try. */
  private async giveUp(exhausted: readonly PendingEntry[]): Promise<PendingEntry[]> {
    const { maxRetryDelayMs } = this.consumption.settings;
    const kept: PendingEntry[] = [];
    let full = false;
    for (const entry of exhausted) {
      full ||= (await this.delivery.giveUp(entry.id)) === 'full';
      if (!full) this.waitingForRetry -= this.countOwn([entry]);
      else if (entry.idleMs >= maxRetryDelayMs) kept.push(entry);
      else this.alarm.setWithin(maxRetryDelayMs - entry.idleMs);
    }
    return kept;
  }

  private async redeliver(pending: readonly PendingEntry[]): Promise<void> {
    const { commands, keys, settings, stopping } = this.consumption;
    const { group, consumer, minIdleMs } = settings;
    const ids = pending.map(({ id }) => id).filter((id) => !this.inFlight.has(id));
    if (ids.length === 0 || stopping.aborted) return;
    const claim = { stream: keys.stream, group, consumer, minIdleMs, ids };
    await this.delivery.deliver(await claimEntries(commands, claim));
    // Those that failed again have been counted again.
    this.waitingForRetry -= this.countOwn(pending);
  }

  private countOwn(pending: readonly PendingEntry[]): number {
    const { consumer } = this.consumption.settings;
    return pending.filter((entry) => entry.consumer === consumer).length;
  }

  private async listOwn(): Promise<PendingEntry[]> {
    const { commands, keys, settings } = this.consumption;
    const { group, consumer } = settings;
    return listPages((start) => commands.xpending(keys.stream, group, start, '+', PAGE, consumer));
  }

  private async listStale(): Promise<PendingEntry[]> {
    const { commands, keys, settings } = this.consumption;
    const { group, consumer, minIdleMs } = settings;
    const idle = await listPages((start) =>
      commands.xpending(keys.stream, group, 'IDLE', minIdleMs, start, '+', PAGE),
    );
    return idle.filter((entry) => entry.consumer !== consumer);
  }

  private log(error: unknown): void {
    const { logger, keys, stopping } = this.consumption;
    if (!stopping.aborted) logger.warn(`${keys.stream}: recovery failed, and goes on: ${errorText(error)}`);
  }
}

async function listPages(read: (start: string) => Promise<unknown[]>): Promise<PendingEntry[]> {
  const listed: PendingEntry[] = [];
  for (let page = 1, start = '-'; page <= MAX_PAGES; page++) {
    const rows = (await read(start)) as [string, string, number, number][];
    for (const [id, consumer, idleMs, deliveries] of rows) listed.push({ id, consumer, idleMs, deliveries });
    if (rows.length < PAGE) break;
    start = `(${String(rows.at(-1)?.[0])}`;
  }
  return listed;
}
