import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { types } from 'node:util';

import { type InputLine } from '../input/read-input.js';
import { splitLines } from '../input/split-lines.js';
import { type ImportCounts, NO_COUNTS, parseAnswer } from './answer.js';
import { LineNumbers } from './line-numbers.js';

export interface SendOptions {
  /** Where post-service is, e.g. `http://127.0.0.1:3001`. */
  readonly url: string;
  /** Called for each progress line of the answer, with how many lines have been sent. */
  readonly onProgress: (counts: ImportCounts, sent: number) => void;
  /** Called for each refused line, with its number in the file. */
  readonly onRejected: (fileLine: number, error: string) => void;
  /** Ends the import early. */
  readonly signal?: AbortSignal | undefined;
  /** Gives up when the answer says nothing for so long; the service speaks every second. */
  readonly silenceMs?: number | undefined;
}

export interface SendResult {
  /** The last progress line: what the service has acknowledged. */
  readonly counts: ImportCounts;
  /** Why the import broke off, unless everything was sent and acknowledged. */
  readonly failure: string | undefined;
}

/**
 * Sends lines through one `POST /import`, and reads the answer meanwhile: neither side waits for the other to end, and
 * no more is read from the input than the service takes.
 */
export async function sendImport(
  batches: AsyncIterable<InputLine[]>,
  options: SendOptions,
): Promise<SendResult> {
  const sending = new Sending(options);
  try {
    await sending.run(batches);
    return { counts: sending.counts, failure: undefined };
  } catch (error) {
    return { counts: sending.counts, failure: describe(error, options.url) };
  }
}

class Sending {
  counts = NO_COUNTS;
  private readonly numbers = new LineNumbers();
  private readonly broken = new AbortController();
  private silence: NodeJS.Timeout | undefined;

  constructor(private readonly options: SendOptions) {}

  async run(batches: AsyncIterable<InputLine[]>): Promise<void> {
    const signal = AbortSignal.any([
      this.broken.signal,
      ...(this.options.signal ? [this.options.signal] : []),
    ]);
    const target = new URL('/import', this.options.url);
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
    // Its own connection, so that a broken import leaves nothing half sent to whoever comes next.
    const request = send(target, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const abort = (): void => void request.destroy(toError(signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      await Promise.all([this.read(request), this.write(request, batches)].map((part) => this.orBreak(part)));
    } catch (error) {
      // What broke it is the reason; that both directions fail then is what comes of it.
      throw signal.aborted ? signal.reason : error;
    } finally {
      clearTimeout(this.silence);
      signal.removeEventListener('abort', abort);
      request.destroy();
    }
    const missing = this.numbers.count - this.counts.lines;
    if (missing > 0) throw new Error(`the answer ended while ${missing} lines were not acknowledged`);
  }

  /** The first of the two directions to fail ends the other, and its reason is the one to report. */
  private async orBreak(part: Promise<void>): Promise<void> {
    try {
      await part;
    } catch (error) {
      this.broken.abort(error);
      throw error;
    }
  }

  private async write(request: ClientRequest, batches: AsyncIterable<InputLine[]>): Promise<void> {
    let failure: Error | undefined;
    request.on('error', (error) => (failure ??= error));
    for await (const batch of batches) {
      if (request.destroyed) throw failure ?? new Error('the connection was closed');
      let text = '';
      for (const { number, json } of batch) {
        this.numbers.add(number);
        text += `${json}\n`;
      }
      if (!request.write(text)) await drained(request);
    }
    request.end();
  }

  private async read(request: ClientRequest): Promise<void> {
    this.expectMore();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    if (response.statusCode !== 200) throw new Error(await refusal(response));
    for await (const lines of splitLines(response)) {
      this.expectMore();
      for (const line of lines) this.take(line);
    }
    if (!request.writableEnded) throw new Error('the answer ended before everything was sent');
  }

  private take(line: string): void {
    if (line.trim() === '') return;
    const answer = parseAnswer(line);
    if ('error' in answer) {
      this.options.onRejected(this.numbers.fileLineOf(answer.line), answer.error);
    } else {
      this.counts = answer;
      this.numbers.acknowledge(answer.lines);
      this.options.onProgress(answer, this.numbers.count);
    }
  }

  private expectMore(): void {
    clearTimeout(this.silence);
    const silenceMs = this.options.silenceMs ?? 60_000;
    this.silence = setTimeout(() => {
      this.broken.abort(new Error(`the service said nothing for ${silenceMs} ms`));
    }, silenceMs);
  }
}

async function drained(request: ClientRequest): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      request.off('drain', done).off('close', done);
      resolve();
    };
    request.on('drain', done).on('close', done);
  });
}

/** What a refusal of the whole import says, bounded. */
async function refusal(response: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of response) {
    body += String(chunk);
    if (body.length > 65_536) break;
  }
  try {
    const problem = JSON.parse(body) as { title?: string; detail?: string };
    return `the service answered ${response.statusCode}: ${problem.detail ?? problem.title ?? body}`;
  } catch {
    return `the service answered ${response.statusCode}: ${body.slice(0, 500)}`;
  }
}

function describe(error: unknown, url: string): string {
  const { code, message } = toError(error) as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return `nothing answers at ${url}; is the system running (npm start)?`;
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}

function toError(reason: unknown): Error {
  return types.isNativeError(reason) ? reason : new Error(String(reason));
}
