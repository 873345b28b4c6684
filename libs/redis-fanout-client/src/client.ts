import type { ClientEventName, ClientState } from './events.js';
import { Feed } from './feed.js';
import { type Listener, Listeners } from './listeners.js';
import { type FanoutClientOptions, toSettings } from './options.js';
import { Session, type Surroundings } from './session.js';
import { Backoff } from './timing/backoff.js';
import { onWaking } from './timing/waking.js';
import { TransportChoice } from './transports/transport-choice.js';

/**
 * Tells what enters a user's timeline and what is sent to the user, as it happens: each event once, and in the order of
 * the server. When a connection ends another goes on where it was, for as long as the client is not closed. Where
 * events may have been missed all the same, `resync` is told, and then what comes from there on.
 */
export class FanoutClient {
  private readonly surroundings: Surroundings;
  private session: Session | undefined;
  private stopWaking: () => void = () => undefined;

  /**
   * Connects to nothing yet.
   *
   * @throws InvalidOptionError
   */
  constructor(options: FanoutClientOptions) {
    const settings = toSettings(options);
    const { numbers } = settings;
    const listeners = new Listeners();
    this.surroundings = {
      settings,
      listeners,
      feed: new Feed(
        options.lastEventId === '' ? undefined : (options.lastEventId ?? undefined),
        numbers.rememberedEvents,
        listeners,
      ),
      backoff: new Backoff(numbers.retryMs, numbers.maxRetryMs),
      choice: new TransportChoice(
        settings.webSocket !== undefined,
        numbers.webSocketAttempts,
        numbers.webSocketRetryMs,
      ),
    };
  }

  /** What the client is doing; see the event `state`. */
  get state(): ClientState {
    return this.session?.state ?? { state: 'closed' };
  }

  /**
   * Where the client is: a new client that is given this goes on from here, also after the page was loaded again. In a
   * listener it is the id of the event that the listener is told. Opaque. Undefined until the server has said it.
   */
  get lastEventId(): string | undefined {
    return this.surroundings.feed.lastEventId;
  }

  /**
   * Adds a listener. One that throws stops neither the others nor the client: it is told as `error`, and the event is
   * not told again.
   *
   * @returns what takes the listener away again
   */
  on<Name extends ClientEventName>(name: Name, listener: Listener<Name>): () => void {
    return this.surroundings.listeners.add(name, listener);
  }

  /** Begins; what is told before a listener is added is not told again. After `close()` it goes on where it was. */
  connect(): void {
    if (this.session !== undefined) return;
    this.session = new Session(this.surroundings);
    this.stopWaking = onWaking(() => {
      this.wake();
    });
    void this.session.run();
  }

  /**
   * Says that the device may be back from sleep, or in a network again: a connection that has been silent for too long
   * is given up now, and a wait is cut short, though not below what the server asked for. Browsers say it by themselves.
   */
  wake(): void {
    this.session?.wake();
  }

  /** Ends the connection, or the attempt at one, at once. Nothing is told after that but the state. */
  close(): void {
    const { session } = this;
    if (session === undefined) return;
    this.session = undefined;
    this.stopWaking();
    session.close();
  }
}
