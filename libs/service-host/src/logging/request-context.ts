import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { type IncomingMessage } from 'node:http';

/** The header that carries a request's id, in both directions. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** What everything that runs for a request can know of it. */
export interface RequestContext {
  readonly requestId: string;
}

/** From here on Node.js follows asynchronous calls by itself; before, each promise costs more while anybody asks. */
const FOLLOWING_IS_FREE = Number.parseInt(process.versions.node, 10) >= 24;
const SANE_ID = /^[A-Za-z0-9._-]{1,64}$/;
const context = new AsyncLocalStorage<RequestContext>();
const failures = new WeakMap<IncomingMessage, unknown>();

/** An id that no other request has. */
export function newRequestId(): string {
  return randomUUID();
}

/** The caller's id if it is sane (it ends up in logs and headers), else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && SANE_ID.test(given) ? given : newRequestId();
}

/**
 * Whether every line that is logged while a request is answered tells its id. Before Node.js 24 that takes a fifth of what
 * a small request costs, so it does at the level `debug` only. The line of the request itself always tells it.
 */
export function followsRequests(logger: { isLevelEnabled(level: string): boolean }): boolean {
  return FOLLOWING_IS_FREE || logger.isLevelEnabled('debug');
}

/** Runs `work`, and all that it starts, as part of a request. */
export function runInRequest(requestId: string, work: () => void): void {
  context.run({ requestId }, work);
}

/** The request that the calling code runs for, if it runs for one and that is followed. */
export function currentRequest(): RequestContext | undefined {
  return context.getStore();
}

/** Keeps the error that a request failed with for the one line that the log has of it. */
export function rememberFailure(request: IncomingMessage, error: unknown): void {
  failures.set(request, error);
}

/** The error that a request failed with, if it did. */
export function failureOf(request: IncomingMessage): unknown {
  return failures.get(request);
}
