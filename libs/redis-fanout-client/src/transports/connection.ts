import { ClientError } from '../errors.js';
import type { TransportName } from '../events.js';
import { type Frame, POSITION } from '../frame.js';
import type { Settings } from '../options.js';
import { Watchdog } from '../timing/watchdog.js';
import { connectBySse } from './sse.js';
import type { Link, Transport } from './transport.js';
import { connectByWebSocket } from './web-socket.js';

const TRANSPORTS: Readonly<Record<TransportName, Transport>> = {
  websocket: connectByWebSocket,
  sse: connectBySse,
};
/** The last event of a server that goes. */
const BYE = 'bye';

/** What comes of a connection until its end. */
export interface Receiver {
  live(): void;
  received(frame: Frame): void;
  malformed(what: string): void;
}

/** What became of a connection. */
export interface Outcome {
  /** Why it ended; undefined where that was in good order. */
  readonly error: ClientError | undefined;
  /** For how long it was live; undefined where it never was. */
  readonly liveMs: number | undefined;
  /** Whether it is of use: there are networks that open connections and pass nothing on. */
  readonly worked: boolean;
  /** How long the server asked to wait before the next one. */
  readonly askedMs: number | undefined;
}

/** One connection, from the attempt to its end; given up where it does not come about or is silent. */
export class Connection {
  /** Never rejects. Nothing is received any more once it resolves. */
  readonly ended: Promise<Outcome>;
  private resolve: (outcome: Outcome) => void = () => undefined;
  private readonly aborter = new AbortController();
  private readonly watchdog = new Watchdog(() => {
    this.giveUp();
  });
  private liveSince: number | undefined;
  private hasHeard = false;
  private hasPosition = false;
  private askedMs: number | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly name: TransportName,
    lastEventId: string | undefined,
    private readonly receiver: Receiver,
  ) {
    this.ended = new Promise((resolve) => (this.resolve = resolve));
    this.watchdog.start(settings.numbers.connectTimeoutMs);
    TRANSPORTS[name](settings, lastEventId, this.link()).then(
      () => {
        this.end(undefined);
      },
      (cause: unknown) => {
        this.end(cause instanceof ClientError ? cause : this.brokenBy(cause));
      },
    );
  }

  /** Ends it where it has been silent for too long. */
  check(): void {
    this.watchdog.look();
  }

  close(): void {
    this.end(undefined);
  }

  private link(): Link {
    return {
      signal: this.aborter.signal,
      opened: () => {
        if (this.isOver) return;
        this.liveSince = Date.now();
        this.watchdog.start(this.settings.numbers.silenceTimeoutMs);
        this.receiver.live();
      },
      heard: () => {
        this.hasHeard = true;
        this.watchdog.heard();
      },
      received: (frame) => {
        this.receive(frame);
      },
      malformed: (what) => {
        if (!this.isOver) this.receiver.malformed(what);
      },
      askedToWait: (ms) => {
        this.askedMs = ms;
      },
    };
  }

  private receive(frame: Frame): void {
    // A listener may have closed the client between two events that came together.
    if (this.isOver) return;
    this.hasPosition ||= frame.event === POSITION;
    this.receiver.received(frame);
    // Whether the connection ends soon is up to what is in between; nothing more comes over it.
    if (frame.event === BYE) this.end(undefined);
  }

  private giveUp(): void {
    const { connectTimeoutMs, silenceTimeoutMs } = this.settings.numbers;
    const facts = { transport: this.name };
    this.end(
      this.liveSince === undefined
        ? new ClientError('connect-timeout', `no connection within ${connectTimeoutMs} ms`, facts)
        : new ClientError('silent', `nothing was heard for ${silenceTimeoutMs} ms`, facts),
    );
  }

  private brokenBy(cause: unknown): ClientError {
    const code = this.liveSince === undefined ? 'connect-failed' : 'connection-lost';
    const message = cause instanceof Error ? cause.message : String(cause);
    return new ClientError(code, message, { transport: this.name, cause });
  }

  private get isOver(): boolean {
    return this.aborter.signal.aborted;
  }

  private end(error: ClientError | undefined): void {
    if (this.isOver) return;
    this.watchdog.stop();
    this.aborter.abort(error);
    const { liveSince, askedMs } = this;
    const liveMs = liveSince === undefined ? undefined : Date.now() - liveSince;
    this.resolve({ error, liveMs, worked: this.worked(error), askedMs });
  }

  private worked(error: ClientError | undefined): boolean {
    if (this.liveSince === undefined) return false;
    // A server that sends no positions may have had nothing to say; Server-Sent Events have keep-alives in any case.
    if (error?.code === 'silent') return this.hasPosition;
    return this.hasHeard || error === undefined;
  }
}
