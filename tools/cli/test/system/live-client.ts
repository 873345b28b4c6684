import { type ClientRequest, request } from 'node:http';

import { WebSocket } from 'ws';

/** An event as a client gets it, whichever way. */
interface Received {
  readonly id: string;
  readonly event: string;
  readonly data: { readonly id?: string };
}

/** How soon a client comes back. */
const RETRY_MS = 20;

/** A client that comes back again and again, to one address after the other, and says where it was, if it is to. */
export class LiveClient {
  /** What it was told, and how: `post <id>`. */
  readonly told: string[] = [];
  connections = 0;
  private position = '';
  private end: () => void = () => undefined;
  private isClosed = false;

  constructor(
    readonly user: string,
    private readonly way: 'sse' | 'websocket',
    private readonly urls: readonly string[],
    private readonly resumes: boolean,
  ) {}

  get isPlaced(): boolean {
    return this.position !== '';
  }

  open(): void {
    const url = this.urls[this.connections++ % this.urls.length] ?? '';
    const query = new URLSearchParams({ user: this.user, positions: '1' });
    if (this.resumes && this.isPlaced) query.set('lastEventId', this.position);
    let isOver = false;
    const again = (): void => {
      if (isOver) return;
      isOver = true;
      if (!this.isClosed) {
        setTimeout(() => {
          if (!this.isClosed) this.open();
        }, RETRY_MS);
      }
    };
    const take = (received: Received): void => {
      if (!isOver) this.take(received);
    };
    const stop =
      this.way === 'sse'
        ? openStream(`${url}/stream?${query.toString()}`, take, again)
        : openSocket(`${url}/ws?${query.toString()}`, take, again);
    this.end = (): void => {
      again();
      stop();
    };
  }

  /** Breaks the connection off: what is on its way to the client gets lost. */
  breakOff(): void {
    this.end();
  }

  close(): void {
    this.isClosed = true;
    this.end();
  }

  private take({ id, event, data }: Received): void {
    if (event === 'bye') return;
    this.position = id;
    if (event !== 'position') this.told.push(`${event} ${data.id ?? ''}`.trim());
  }
}

function openStream(url: string, take: (received: Received) => void, ended: () => void): () => void {
  const outgoing: ClientRequest = request(url, { agent: false }, (response) => {
    let rest = '';
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = new Map(
          block.split('\n').map((line) => [line.replace(/:.*/, ''), line.replace(/^[^:]*: ?/, '')] as const),
        );
        if (!fields.has('event')) continue;
        take({
          id: fields.get('id') ?? '',
          event: fields.get('event') ?? '',
          data: JSON.parse(fields.get('data') ?? '') as Received['data'],
        });
      }
    });
    response.on('error', ended);
    response.on('close', ended);
  });
  outgoing.on('error', ended);
  outgoing.end();
  return () => {
    outgoing.destroy();
  };
}

function openSocket(url: string, take: (received: Received) => void, ended: () => void): () => void {
  const socket = new WebSocket(url);
  socket.on('message', (data) => {
    take(JSON.parse((data as Buffer).toString()) as Received);
  });
  socket.on('error', ended);
  socket.on('close', ended);
  return () => {
    socket.terminate();
  };
}
