import { type IncomingMessage } from 'node:http';

import { hasBody } from './unread-body.js';

/** How long a body of at most 64 KiB may take to arrive. */
const MAX_BODY_MS = 30_000;

/**
 * Cuts a request whose body does not arrive in time. Node's own limit on whole requests is off for the sake of streamed
 * imports, and without any limit a caller could hold connections open for ever, a byte at a time.
 */
export function limitBodyTime(request: IncomingMessage, maxMs = MAX_BODY_MS): void {
  if (request.complete || !hasBody(request)) {
    return;
  }
  const timer = setTimeout(() => {
    if (!request.complete) {
      request.socket.destroy();
    }
  }, maxMs).unref();
  request.once('close', () => {
    clearTimeout(timer);
  });
}
