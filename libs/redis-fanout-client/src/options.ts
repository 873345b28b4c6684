import { InvalidOptionError } from './errors.js';
import { MAX_ID_LENGTH } from './frame.js';

/** The part of `fetch` that is used. */
export type FetchLike = (
  url: string,
  request: {
    readonly headers: Record<string, string>;
    readonly signal: AbortSignal;
    readonly cache: 'no-store';
  },
) => Promise<ResponseLike>;

/** The part of a fetch `Response` that is used. */
export interface ResponseLike {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: BodyLike | null;
}

/** The part of a `ReadableStream` of bytes that is used. */
export interface BodyLike {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(): Promise<unknown>;
  };
  cancel(): Promise<unknown>;
}

/** A WebSocket as browsers have it, as far as it is used; that of `ws` will do. */
export interface WebSocketLike {
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'error', listener: (event: object) => void): void;
  addEventListener(
    type: 'close',
    listener: (event: { readonly code: number; readonly reason: string }) => void,
  ): void;
  send(text: string): void;
  close(): void;
  /** Ends the connection without a farewell that nobody would answer. */
  terminate?(): void;
}

export type WebSocketConstructor = new (url: string) => WebSocketLike;

/** Headers, or what makes them for each connection: a token may have changed. */
export type HeadersSource =
  | Readonly<Record<string, string>>
  | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

/** Times are milliseconds. */
export interface FanoutClientOptions {
  /**
   * Where the notifier is, such as `https://example.org/live`: `/ws` and `/stream` are added. A query is kept. In a
   * page it may be relative to the page.
   */
  readonly url: string | URL;
  /** Whose timeline and messages to hear of: 1 to 64 of `A-Z a-z 0-9 _ -`. */
  readonly user: string;
  /** Where to go on from: `client.lastEventId` of an earlier client, up to 256 characters. Null is none. */
  readonly lastEventId?: string | null | undefined;
  /** Headers of the requests for Server-Sent Events, such as `authorization`. */
  readonly headers?: HeadersSource | undefined;
  /**
   * The constructor of WebSockets, or false for none. Default: the global one where there is one, and none where there
   * are `headers`, as WebSockets of browsers cannot send any.
   */
  readonly webSocket?: WebSocketConstructor | false | undefined;
  /** Default: the global one. */
  readonly fetch?: FetchLike | undefined;
  /** The first wait before another try is up to this, at random; doubled with each failure. Default 1,000. */
  readonly retryMs?: number | undefined;
  /** The longest wait of the client's own choice. Default 30,000. */
  readonly maxRetryMs?: number | undefined;
  /** A connection that was live for so long was in order: the waits begin at `retryMs` again. Default 5,000. */
  readonly healthyAfterMs?: number | undefined;
  /** A connection that does not come about within this is given up. Default 10,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** A connection that is silent for so long is given up. The server is heard every 15 s; default 37,500. */
  readonly silenceTimeoutMs?: number | undefined;
  /** After so many WebSockets in a row that came to nothing Server-Sent Events are tried. Default 2. */
  readonly webSocketAttempts?: number | undefined;
  /** Where Server-Sent Events took their place, the next connection after this is tried as a WebSocket. Default 600,000. */
  readonly webSocketRetryMs?: number | undefined;
  /** The longest event that is accepted, in UTF-16 code units. Default 1,048,576. */
  readonly maxFrameLength?: number | undefined;
  /** How many of the last events are remembered, so that one that comes again is dropped. Default 1,000. */
  readonly rememberedEvents?: number | undefined;
}

/** The options, checked and complete. */
export interface Settings {
  readonly url: URL;
  readonly user: string;
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  readonly webSocket: WebSocketConstructor | undefined;
  readonly fetch: FetchLike;
  readonly numbers: Readonly<Record<NumberName, number>>;
}

/** The default of each number, and the least and the most that it may be. */
const NUMBERS = {
  retryMs: [1000, 1],
  maxRetryMs: [30_000, 1],
  healthyAfterMs: [5000, 0],
  connectTimeoutMs: [10_000, 1],
  silenceTimeoutMs: [37_500, 1],
  webSocketAttempts: [2, 1],
  webSocketRetryMs: [600_000, 0],
  maxFrameLength: [1_048_576, 1],
  rememberedEvents: [1000, 0],
} as const;
type NumberName = keyof typeof NUMBERS;

/** A day. Far longer timers fire at once: theirs is a signed number of 32 bits. */
const MAX_NUMBER = 86_400_000;
const USER = /^[\w-]{1,64}$/;

/**
 * Defaults, then checks.
 *
 * @throws InvalidOptionError
 */
export function toSettings(options: FanoutClientOptions): Settings {
  if (!USER.test(options.user)) throw new InvalidOptionError('user', '1 to 64 of A-Z a-z 0-9 _ -');
  if ((options.lastEventId?.length ?? 0) > MAX_ID_LENGTH) {
    throw new InvalidOptionError('lastEventId', `at most ${MAX_ID_LENGTH} characters`);
  }
  const { headers = {} } = options;
  // A method of anything but the global object is not what browsers take `fetch` for.
  const fetch = options.fetch ?? ((url, request) => globalThis.fetch(url, request));
  return {
    url: toUrl(options.url),
    user: options.user,
    headers: async () => (typeof headers === 'function' ? headers() : headers),
    webSocket: toWebSocket(options),
    fetch: (url, request) => fetch(url, request),
    numbers: toNumbers(options),
  };
}

/** The address of one of the notifier's endpoints. */
export function endpoint(base: URL, name: 'ws' | 'stream', query: Readonly<Record<string, string>>): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${name}`;
  url.hash = '';
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  return url;
}

function toUrl(given: string | URL): URL {
  const { location } = globalThis as { location?: { href: string } };
  try {
    const url = new URL(given, location?.href);
    if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  } catch {
    // It is no URL at all.
  }
  throw new InvalidOptionError('url', 'an http or https URL');
}

function toWebSocket({ webSocket, headers }: FanoutClientOptions): WebSocketConstructor | undefined {
  if (webSocket !== undefined) return webSocket === false ? undefined : webSocket;
  if (headers !== undefined) return undefined;
  return (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
}

function toNumbers(options: FanoutClientOptions): Settings['numbers'] {
  const entries = Object.entries(NUMBERS).map(([key, [preset, min]]) => {
    const value = options[key as NumberName] ?? preset;
    if (!Number.isInteger(value) || value < min || value > MAX_NUMBER) {
      throw new InvalidOptionError(key, `a whole number from ${min} to ${MAX_NUMBER}`);
    }
    return [key, value];
  });
  return Object.fromEntries(entries) as Settings['numbers'];
}
