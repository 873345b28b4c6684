import { renewEntries } from '../lua/renew-entries.js';
import { type Consumption } from './consumption.js';

const RENEWAL_CHUNK = 1000;

/** The entries of one stream that handlers of this process are at work on; keeps others from claiming them. */
export class InFlightEntries {
  private readonly ids = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private renewal: Promise<void> | undefined;

  constructor(private readonly consumption: Consumption) {}

  get size(): number {
    return this.ids.size;
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** To be called before their handlers are. */
  add(ids: readonly string[]): void {
    for (const id of ids) this.ids.add(id);
  }

  /** To be called when they are settled. */
  remove(ids: readonly string[]): void {
    for (const id of ids) this.ids.delete(id);
  }

  /** Renews them three times within the time after which others would claim them. */
  startRenewing(): void {
    this.timer = setInterval(() => {
      this.renewal ??= this.renew().finally(() => {
        this.renewal = undefined;
      });
    }, this.consumption.settings.minIdleMs / 3);
  }

  stopRenewing(): void {
    clearInterval(this.timer);
  }

  private async renew(): Promise<void> {
    const { commands, keys, settings, logger } = this.consumption;
    const { group, consumer } = settings;
    const ids = [...this.ids];
    try {
      for (let i = 0; i < ids.length; i += RENEWAL_CHUNK) {
        const chunk = ids.slice(i, i + RENEWAL_CHUNK);
        await renewEntries(commands, { stream: keys.stream, group, consumer, ids: chunk });
      }
    } catch (error) {
      // The next renewal tries again; should another consumer claim them meanwhile, they are delivered twice.
      logger.debug?.(`${keys.stream}: entries in flight could not be renewed: ${String(error)}`);
    }
  }
}
