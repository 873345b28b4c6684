import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { ANY_ORIGIN } from './origins-setting.js';

/** What pages send beside what they always may: where they go on, and what a proxy in front may want of them. */
const ALLOWED_HEADERS = 'Last-Event-ID, Authorization';
/** How long browsers need not ask again: as long as any of them keeps it. */
const MAX_AGE_SECONDS = 7200;

/**
 * Has browsers let pages of these origins read `/stream`, and when to come back where they are refused. Without origins
 * nothing is added, and pages of other origins read nothing.
 */
export function allowOrigins(app: NestFastifyApplication, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const server: Server = app.getHttpServer();
  // Before anything answers: what is refused early and what is written by hand are to be readable, too.
  server.prependListener('request', (request, response) => {
    if (/^\/stream(\?|$)/.test(request.url ?? '')) addHeaders(request, response, origins);
  });
}

function addHeaders(
  { headers, method }: IncomingMessage,
  response: ServerResponse,
  origins: readonly string[],
): void {
  const isForAll = origins.includes(ANY_ORIGIN);
  // A cache in between is to keep an answer for its origin alone.
  if (!isForAll) response.setHeader('vary', 'Origin');
  if (headers.origin === undefined || !allows(origins, headers.origin)) return;
  response.setHeader('access-control-allow-origin', isForAll ? ANY_ORIGIN : headers.origin);
  response.setHeader('access-control-expose-headers', 'Retry-After');
  if (method !== 'OPTIONS') return;
  response.setHeader('access-control-allow-methods', 'GET');
  response.setHeader('access-control-allow-headers', ALLOWED_HEADERS);
  response.setHeader('access-control-max-age', MAX_AGE_SECONDS);
}

/**
 * Whether a WebSocket may be opened: browsers let every page open any, so it is up to the server. What is no browser says
 * no origin, or whichever it likes; and without origins nothing is asked.
 */
export function mayOpenWebSocket({ headers }: IncomingMessage, origins: readonly string[]): boolean {
  return origins.length === 0 || headers.origin === undefined || allows(origins, headers.origin);
}

function allows(origins: readonly string[], origin: string): boolean {
  return origins.includes(ANY_ORIGIN) || origins.includes(origin);
}
