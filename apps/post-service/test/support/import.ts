import { type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { createInterface } from 'node:readline';

import { type Caller, until } from 'test-support';

/** A line of the answer: counts, or a line that was left out. */
export type ImportAnswer = Readonly<Record<string, unknown>>;

/** The lines of an import, as its body. */
export function ndjson(...lines: readonly unknown[]): string {
  return lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
}

/** An import under way: it is sent in pieces, and its answer is read as it comes. */
export class RunningImport {
  readonly answers: ImportAnswer[] = [];
  /** When each line of the answer came, in milliseconds since 1970. */
  readonly times: number[] = [];
  response: IncomingMessage | undefined;
  ended = false;
  /** Set when the answer broke off. */
  error: unknown;
  private readonly outgoing: ClientRequest;

  constructor({ url }: Caller, headers: OutgoingHttpHeaders = {}) {
    const { hostname, port } = new URL(url);
    const options = { hostname, port, method: 'POST', path: '/import', headers, agent: false };
    this.outgoing = request(options, (response) => {
      this.response = response;
      response.on('error', (error) => (this.error = error));
      response.on('end', () => (this.ended = true));
      const lines = createInterface(response);
      lines.on('error', () => undefined);
      lines.on('line', (line) => {
        this.answers.push(JSON.parse(line) as ImportAnswer);
        this.times.push(Date.now());
      });
    });
    this.outgoing.on('error', (error) => (this.error = error));
    this.outgoing.flushHeaders();
  }

  write(part: string | Uint8Array): void {
    this.outgoing.write(part);
  }

  /** Goes away in the middle. */
  abandon(): void {
    this.outgoing.destroy();
  }

  /** Sends the end, and waits for that of the answer. */
  async end(part?: string | Uint8Array): Promise<ImportAnswer[]> {
    this.outgoing.end(part);
    await until(() => this.ended || this.error !== undefined, 'the answer ends');
    if (this.error !== undefined) throw new Error('the import broke off', { cause: this.error });
    return this.answers;
  }

  /** The counts that came last. */
  get counts(): ImportAnswer | undefined {
    return this.answers.filter((answer) => 'lines' in answer).at(-1);
  }
}

/** Imports a body, and answers with the bad lines and the counts at the end. */
export async function importAll(
  api: Caller,
  body: string | Uint8Array,
): Promise<{ readonly counts: ImportAnswer | undefined; readonly bad: readonly ImportAnswer[] }> {
  const running = new RunningImport(api);
  const answers = await running.end(body);
  expect(running.response).toMatchObject({
    statusCode: 200,
    headers: { 'content-type': expect.stringContaining('application/x-ndjson') as unknown },
  });
  expect(answers.at(-1)).toHaveProperty('lines');
  return { counts: running.counts, bad: answers.filter((answer) => 'line' in answer) };
}
