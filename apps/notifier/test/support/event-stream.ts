import { type ClientRequest, type IncomingMessage, request } from 'node:http';

import { type Caller, onCleanUp, until } from 'test-support';

/** An event as it came: the fields of Server-Sent Events, the data read as JSON. */
export interface ReceivedEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly retry: string | undefined;
  readonly data: unknown;
}

/** A reader's connection. */
export class EventStream {
  readonly events: ReceivedEvent[] = [];
  comments = 0;
  ended = false;
  /** The id that a browser would come back with. */
  position: string | undefined;
  private rest = '';

  private constructor(
    private readonly outgoing: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      this.take(text);
    });
    response.on('error', () => undefined);
    response.on('close', () => (this.ended = true));
  }

  /** Connects, and resolves when deliveries that begin from then on are told. */
  static async open(
    { url }: Caller,
    user: string,
    { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {},
  ): Promise<EventStream> {
    const { hostname, port } = new URL(url);
    const path = `/stream?user=${user}${query}`;
    const outgoing = request({ hostname, port, path, headers, agent: false });
    onCleanUp(() => outgoing.destroy());
    outgoing.end();
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve);
      outgoing.on('error', reject);
    });
    const stream = new EventStream(outgoing, response);
    expect(response.statusCode).toBe(200);
    return stream;
  }

  /** Goes away. */
  close(): void {
    this.outgoing.destroy();
  }

  /** Waits for so many events, and answers with them. */
  async untilEvents(count: number): Promise<ReceivedEvent[]> {
    await until(() => this.events.length >= count, `${count} events have come`);
    return this.events;
  }

  private add(event: ReceivedEvent): void {
    this.events.push(event);
    this.position = event.id ?? this.position;
  }

  private take(text: string): void {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split('\n').filter((line) => !line.startsWith(':'));
      const [only] = lines;
      if (lines.length === 0) this.comments++;
      else if (lines.length === 1 && only?.startsWith('id: ') === true) this.position = only.slice(4);
      else this.add(parseEvent(lines));
    }
  }
}

function parseEvent(lines: readonly string[]): ReceivedEvent {
  const fields = new Map(lines.map((line) => [line.replace(/:.*/s, ''), line.replace(/^[^:]*: ?/, '')]));
  expect(fields.size).toBe(lines.length);
  return {
    id: fields.get('id'),
    event: fields.get('event'),
    retry: fields.get('retry'),
    data: JSON.parse(fields.get('data') ?? '') as unknown,
  };
}
