import { type IncomingMessage } from 'node:http';

import { type FastifyReply } from 'fastify';

/** How much of a refused body is read and thrown away before the connection is cut. */
const MAX_DISCARDED_BYTES = 32 * 1024 * 1024;
const MAX_DISCARD_MS = 10_000;

/** Whether a request announces a body (RFC 9112, section 6). */
export function hasBody(request: IncomingMessage): boolean {
  const { 'transfer-encoding': encoding, 'content-length': length } = request.headers;
  return encoding !== undefined || (length !== undefined && Number(length) > 0);
}

/** Whether the caller went away in the middle of its request. What fails then is nobody's fault. */
export function wasAbandoned(request: IncomingMessage): boolean {
  return request.destroyed && !request.complete;
}

/**
 * Reads what is left of a refused body. Closing a connection with unread bytes resets it, and the reset takes the
 * answer along: the caller would see a broken pipe instead of a 413. So the answer goes out, and the rest is read and
 * dropped, within bounds.
 */
export function discardBody(request: IncomingMessage, reply: FastifyReply): void {
  if (!hasBody(request)) {
    return;
  }
  // Fastify asks for the connection to be closed when it gives up on a body; that would be the reset.
  reply.removeHeader('connection');
  if (request.complete || request.destroyed) {
    return;
  }
  let discarded = 0;
  const cut = (): void => void request.socket.destroy();
  const timer = setTimeout(cut, MAX_DISCARD_MS).unref();
  request.on('data', (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > MAX_DISCARDED_BYTES) {
      cut();
    }
  });
  request.on('error', cut);
  request.once('close', () => {
    clearTimeout(timer);
  });
  request.resume();
}
