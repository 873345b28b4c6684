import { type FastifyReply, type FastifyRequest } from 'fastify';

import { expectBody } from '../body/body-parsers.js';
import { invalidField, invalidRequest, methodNotAllowed, notFound } from '../problems/problem.exception.js';
import { type RouteTable } from './route-table.js';

/**
 * The first look at a request, before its body is read: an unknown path is 404 whatever the body, a known one with
 * another method 405, `OPTIONS` lists the methods, and a query string is well-formed and says nothing twice.
 *
 * @returns whether the request was answered here
 */
export function gate(routes: RouteTable, request: FastifyRequest, reply: FastifyReply): boolean {
  if (request.is404) {
    return answerUnrouted(routes, request, reply);
  }
  checkQuery(request);
  expectBody(request);
  return false;
}

function answerUnrouted(routes: RouteTable, request: FastifyRequest, reply: FastifyReply): boolean {
  const [path = ''] = (request.raw.url ?? '').split('?', 1);
  const allow = routes.methodsOf(path);
  if (allow.length === 0) {
    throw notFound(`there is no path ${path.slice(0, 200)}`);
  }
  if (request.method !== 'OPTIONS') {
    throw methodNotAllowed(request.method, allow);
  }
  void reply.code(204).header('allow', allow.join(', ')).send();
  return true;
}

/** Fastify hands a malformed escape on as it is and makes a list of a repeated name; neither is what a caller means. */
function checkQuery(request: FastifyRequest): void {
  const url = request.raw.url ?? '';
  const start = url.indexOf('?');
  if (start === -1) {
    return;
  }
  const query = url.slice(start + 1);
  if (query.includes('%') && !isPercentEncoded(query)) {
    throw invalidRequest('the query string is not valid percent-encoded UTF-8');
  }
  for (const [name, value] of Object.entries(request.query as Record<string, unknown>)) {
    if (Array.isArray(value)) {
      throw invalidField(name, 'is given more than once');
    }
  }
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
