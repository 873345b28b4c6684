import type { ClientState } from './events.js';
import type { Feed } from './feed.js';
import type { Listeners } from './listeners.js';
import type { Settings } from './options.js';
import type { Backoff } from './timing/backoff.js';
import { Pause } from './timing/pause.js';
import { Connection, type Outcome } from './transports/connection.js';
import type { TransportChoice } from './transports/transport-choice.js';

/** What outlives a session. */
export interface Surroundings {
  readonly settings: Settings;
  readonly feed: Feed;
  readonly listeners: Listeners;
  readonly backoff: Backoff;
  readonly choice: TransportChoice;
}

/** The connections, one after the other, between a `connect()` and the `close()` after it. */
export class Session {
  private current: ClientState = { state: 'closed' };
  private connection: Connection | undefined;
  private readonly pause = new Pause();
  private closed = false;

  constructor(private readonly surroundings: Surroundings) {}

  get state(): ClientState {
    return this.current;
  }

  /** Resolves once it is closed. Never rejects. */
  async run(): Promise<void> {
    while (!this.isClosed()) {
      const outcome = await this.converse();
      if (outcome !== undefined) await this.rest(outcome);
    }
  }

  /** Uses the moment: a silent connection is given up, and a wait ends as far as the server does not mind. */
  wake(): void {
    this.connection?.check();
    this.pause.shorten();
  }

  close(): void {
    this.closed = true;
    this.connection?.close();
    this.pause.end();
    this.enter({ state: 'closed' });
  }

  /** One connection to its end; undefined where the session is closed. */
  private async converse(): Promise<Outcome | undefined> {
    const { settings, feed, choice } = this.surroundings;
    const transport = choice.next();
    this.enter({ state: 'connecting', transport });
    if (this.isClosed()) return undefined;
    this.connection = new Connection(settings, transport, feed.lastEventId, {
      live: () => {
        this.enter({ state: 'live', transport });
        if (!this.isClosed()) feed.live();
      },
      received: (frame) => {
        feed.received(frame);
      },
      malformed: (what) => {
        feed.malformed(what);
      },
    });
    const outcome = await this.connection.ended;
    this.connection = undefined;
    feed.ended(outcome);
    if (this.isClosed()) return undefined;
    if (transport === 'sse') choice.sseEnded(outcome.liveMs !== undefined);
    else choice.webSocketEnded(outcome.worked);
    return outcome;
  }

  private async rest({ error, liveMs = -1, askedMs }: Outcome): Promise<void> {
    const { settings, backoff, listeners } = this.surroundings;
    if (error !== undefined) listeners.tell('error', error);
    if (this.isClosed()) return;
    const wait = backoff.next(liveMs >= settings.numbers.healthyAfterMs, askedMs);
    this.enter({ state: 'waiting', delayMs: wait.delayMs });
    if (!this.isClosed()) await this.pause.wait(wait);
  }

  /** Asked anew each time: whatever is told, or waited for, may be where it is closed. */
  private isClosed(): boolean {
    return this.closed;
  }

  private enter(state: ClientState): void {
    this.current = state;
    this.surroundings.listeners.tell('state', state);
  }
}
