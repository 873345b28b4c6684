import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

import { type WebSocket, WebSocketServer } from 'ws';

import type { TransportName } from '../../src/index.js';

/** An event as the notifier sends it. */
export interface Sent {
  readonly id?: string | undefined;
  readonly event: string;
  readonly data: unknown;
}

/** One attempt of a client to connect, and what can be done to it. */
export abstract class Visit {
  isClosed = false;
  readonly query: URLSearchParams;
  abstract readonly transport: TransportName;

  constructor(readonly request: IncomingMessage) {
    this.query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    request.socket.once('close', () => {
      this.isClosed = true;
    });
  }

  /** Takes the connection. */
  abstract accept(): void;
  abstract send(event: Sent): void;
  /** Something in place of an event, as it stands. */
  abstract sendText(text: string): void;
  /** The first half of an event. */
  abstract sendHalf(event: Sent): void;
  /** Refuses the connection that was not accepted. */
  abstract refuse(status: number, headers?: Record<string, string>): void;
  /** What a server does that goes. */
  abstract sayGoodbye(): void;

  /** Where the client is; undefined where it does not say so. */
  get resumesFrom(): string | undefined {
    return this.query.get('lastEventId') ?? undefined;
  }

  /** Does nothing, but notices where the client goes. */
  hang(): void {
    const { socket } = this.request;
    socket.once('end', () => {
      socket.end();
    });
    socket.resume();
  }

  /** Breaks the connection off. */
  drop(): void {
    this.request.socket.destroy();
  }
}

export class SseVisit extends Visit {
  readonly transport = 'sse';

  constructor(
    request: IncomingMessage,
    readonly response: ServerResponse,
  ) {
    super(request);
  }

  accept(): void {
    this.response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    this.sendText(': keep-alive\n\n');
  }

  send(event: Sent): void {
    this.sendText(formatted(event));
  }

  sendText(text: string): void {
    this.response.write(text);
  }

  sendHalf(event: Sent): void {
    const text = formatted(event);
    this.sendText(text.slice(0, Math.ceil(text.length / 2)));
  }

  refuse(status: number, headers: Record<string, string> = {}): void {
    this.response
      .writeHead(status, {
        'content-type': 'application/problem+json',
        connection: 'close',
        ...headers,
      })
      .end('{}');
  }

  sayGoodbye(): void {
    this.response.end('event: bye\nretry: 1\ndata: {}\n\n');
  }
}

export class WebSocketVisit extends Visit {
  readonly transport = 'websocket';
  private static readonly server = new WebSocketServer({ noServer: true });
  private opened: WebSocket | undefined;

  constructor(
    request: IncomingMessage,
    private readonly head: Buffer,
  ) {
    super(request);
  }

  get socket(): WebSocket {
    if (this.opened === undefined) throw new Error('it was not accepted');
    return this.opened;
  }

  accept(): void {
    WebSocketVisit.server.handleUpgrade(this.request, this.request.socket, this.head, (socket) => {
      this.opened = socket;
      socket.on('error', () => undefined);
    });
  }

  send(event: Sent): void {
    this.sendText(JSON.stringify(event));
  }

  sendText(text: string): void {
    this.socket.send(text);
  }

  sendHalf(event: Sent): void {
    const bytes = Buffer.from(JSON.stringify(event));
    // A frame that says it is longer than what follows.
    this.request.socket.write(Buffer.concat([Buffer.from([0x81, 126, 0x40, 0]), bytes]));
  }

  refuse(status: number, headers: Record<string, string> = {}): void {
    const lines = Object.entries({ connection: 'close', ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', ''].join('\r\n');
    const socket: Duplex = this.request.socket;
    socket.end(head);
  }

  sayGoodbye(): void {
    this.socket.close(1001, 'going away');
  }
}

function formatted({ id, event, data }: Sent): string {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return `${idLine}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
