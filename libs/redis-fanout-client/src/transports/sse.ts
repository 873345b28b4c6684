import { createParser } from 'eventsource-parser';

import { ClientError } from '../errors.js';
import { parseJson } from '../frame.js';
import { type BodyLike, endpoint, type ResponseLike } from '../options.js';
import { retryAfterMs } from '../timing/backoff.js';
import type { Link, Transport } from './transport.js';

const EVENT_STREAM = 'text/event-stream';

/** Server-Sent Events over `fetch`, which can send headers and is in every Node, as `EventSource` can and is not. */
export const connectBySse: Transport = async (settings, lastEventId, link) => {
  const url = endpoint(settings.url, 'stream', {
    user: settings.user,
    positions: '1',
    ...(lastEventId === undefined ? {} : { lastEventId }),
  });
  const headers = { accept: EVENT_STREAM, ...(await settings.headers()) };
  const { signal } = link;
  const response = await settings.fetch(url.href, { headers, signal, cache: 'no-store' });
  const type = response.headers.get('content-type')?.toLowerCase() ?? 'no type';
  if (response.status === 200 && type.startsWith(EVENT_STREAM) && response.body !== null && !signal.aborted) {
    await readEvents(response.body, settings.numbers.maxFrameLength, link);
    return;
  }
  discard(response);
  const askedMs = retryAfterMs(response.headers.get('retry-after'));
  if (askedMs !== undefined) link.askedToWait(askedMs);
  const { status } = response;
  const message = `the server answered ${status} with ${type}`;
  throw new ClientError('refused', message, { transport: 'sse', status });
};

async function readEvents(body: BodyLike, maxFrameLength: number, link: Link): Promise<void> {
  const reader = body.getReader();
  link.signal.addEventListener('abort', () => {
    reader.cancel().catch(ignore);
  });
  link.opened();
  const decoder = new TextDecoder();
  const parser = createParser({
    maxBufferSize: maxFrameLength,
    // An event without a name is a `message` by the standard.
    onEvent: ({ id, event = 'message', data }) => {
      // The parser looks at what it holds back, not at what comes in one piece.
      if (data.length > maxFrameLength) throw tooLongError(maxFrameLength);
      link.received({ id, event, data: parseJson(data) });
    },
    onRetry: (ms) => {
      link.askedToWait(ms);
    },
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') throw tooLongError(maxFrameLength);
    },
  });
  for (;;) {
    const { done, value } = await reader.read();
    // What was begun and not ended is no event: it comes again, as the position is that of the last whole one.
    if (done || link.signal.aborted) return;
    link.heard();
    parser.feed(decoder.decode(value, { stream: true }));
  }
}

function tooLongError(maxFrameLength: number): ClientError {
  const message = `an event is longer than ${maxFrameLength}`;
  return new ClientError('frame-too-long', message, { transport: 'sse' });
}

/** Lets go of the connection, which would wait for somebody to read the body. */
function discard({ body }: ResponseLike): void {
  body?.cancel().catch(ignore);
}

function ignore(): void {
  // The connection is let go of in any case.
}
