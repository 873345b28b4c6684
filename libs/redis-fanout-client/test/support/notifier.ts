import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type Sent, SseVisit, type Visit, WebSocketVisit } from './visit.js';

/** The id before every event. */
export const BEGINNING = '0';

/** What is done to a visit. */
export type Act = (visit: Visit, notifier: Notifier) => unknown;

interface Options {
  /** Whether it sends `position` to who asks for it; default true. */
  readonly sendsPositions?: boolean;
}

/** Serves events as the notifier does, but for the visits that it was given something else to do to. */
export class Notifier {
  readonly log: (Sent & { readonly id: string })[] = [];
  readonly visits: Visit[] = [];
  /** What is done to the next visits; who comes after is served. */
  readonly acts: Act[] = [];
  /** What is done to every visit that no act is left for. */
  usually: Act = (visit) => {
    this.serve(visit);
  };
  private readonly listening = new Set<Visit>();
  private readonly sockets = new Set<{ destroy(): unknown }>();

  private constructor(
    private readonly server: Server,
    private readonly options: Options,
  ) {
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.on('request', (request, response) => {
      if (request.url?.startsWith('/live/stream?') === true) this.meet(new SseVisit(request, response));
      else response.writeHead(404).end();
    });
    server.on('upgrade', (request: IncomingMessage, _socket, head: Buffer) => {
      this.meet(new WebSocketVisit(request, head));
    });
  }

  static async start(options: Options = {}): Promise<Notifier> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Notifier(server, options);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/live`;
  }

  /** The id of the last event. */
  get end(): string {
    return this.log.at(-1)?.id ?? BEGINNING;
  }

  /** How many visits are open. */
  get open(): number {
    return this.visits.filter(({ isClosed }) => !isClosed).length;
  }

  /** How many visits are told what is published. */
  get served(): number {
    return this.listening.size;
  }

  /** Takes an event into the log, and tells it to who is served. */
  publish(event: string, data: unknown): Sent & { readonly id: string } {
    const sent = { id: `${this.log.length % 3}-${1_700_000_000_000 + this.log.length}-0`, event, data };
    this.log.push(sent);
    for (const visit of this.listening) visit.send(sent);
    return sent;
  }

  /** What came after the id, or undefined where the id is none of the log. */
  since(id: string): (Sent & { readonly id: string })[] | undefined {
    const index = this.log.findIndex((event) => event.id === id);
    return index < 0 && id !== BEGINNING ? undefined : this.log.slice(index + 1);
  }

  /** Takes the connection, says what was missed, and goes on live. */
  serve(visit: Visit): void {
    const end = this.end;
    visit.accept();
    const from = visit.resumesFrom;
    if (visit.isClosed) return;
    const missed = this.since(from ?? end);
    if (missed === undefined) visit.send({ event: 'resync', data: {} });
    for (const event of missed ?? []) visit.send(event);
    this.keepAlive(visit);
    this.listening.add(visit);
  }

  /** Says where the client is, as it is said beside the keep-alives. */
  keepAlive(visit: Visit): void {
    if (this.options.sendsPositions === false || visit.query.get('positions') !== '1') return;
    visit.send({ id: this.end, event: 'position', data: {} });
  }

  async stop(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, 'close');
  }

  private meet(visit: Visit): void {
    this.visits.push(visit);
    visit.request.socket.once('close', () => this.listening.delete(visit));
    void (this.acts.shift() ?? this.usually)(visit, this);
  }
}
