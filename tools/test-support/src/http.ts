import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';

/** An answer, with its body read: JSON as what it says, anything else as text. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface RequestOptions {
  readonly body?: string | Uint8Array;
  readonly headers?: OutgoingHttpHeaders;
}

/** A page of a list. */
export interface TestPage {
  readonly items: readonly unknown[];
  readonly nextCursor: string | null;
}

/** Calls a service over HTTP, on a connection for each request, and changes nothing of path and headers. */
export class Caller {
  constructor(readonly url: string) {}

  async send(method: string, path: string, { body, headers = {} }: RequestOptions = {}): Promise<Answer> {
    const { hostname, port } = new URL(this.url);
    return new Promise((resolve, reject) => {
      const outgoing = request({ hostname, port, method, path, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed(text) });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  async get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  async put(path: string): Promise<Answer> {
    return this.send('PUT', path);
  }

  async delete(path: string): Promise<Answer> {
    return this.send('DELETE', path);
  }

  /** Sends JSON; a text is sent as it is. */
  async sendJson(
    method: string,
    path: string,
    json: unknown,
    headers: OutgoingHttpHeaders = {},
  ): Promise<Answer> {
    const body = typeof json === 'string' ? json : JSON.stringify(json);
    return this.send(method, path, { body, headers: { 'content-type': 'application/json', ...headers } });
  }

  /** A page of a list. */
  async page(path: string, query: Readonly<Record<string, string | number>> = {}): Promise<TestPage> {
    const search = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const answer = await this.get(`${path}?${search.toString()}`);
    expect(answer).toMatchObject({ status: 200 });
    return answer.body as TestPage;
  }

  /** What all pages of a list hold, after a look at whether each is full and none but the first is empty. */
  async allPages(
    path: string,
    limit: number,
    query: Readonly<Record<string, string>> = {},
  ): Promise<unknown[]> {
    const items: unknown[] = [];
    let page = await this.page(path, { ...query, limit });
    while (page.nextCursor !== null) {
      expect(page.items).toHaveLength(limit);
      items.push(...page.items);
      page = await this.page(path, { ...query, limit, cursor: page.nextCursor });
      expect(page.items).not.toHaveLength(0);
    }
    expect(page.items.length).toBeLessThanOrEqual(limit);
    return [...items, ...page.items];
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
