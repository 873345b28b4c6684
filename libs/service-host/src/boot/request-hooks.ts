import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

import { type ServiceLogger } from '../logging/logger.js';
import { followsRequests, REQUEST_ID_HEADER, runInRequest } from '../logging/request-context.js';
import { logRequest } from '../logging/request-log.js';
import { type HttpMetrics } from '../metrics/http-metrics.js';
import { gate } from '../routing/request-gate.js';
import { RouteTable } from '../routing/route-table.js';
import { type Lifecycle } from './lifecycle.js';

/** What watches requests. */
export interface Observers {
  logger: ServiceLogger;
  httpMetrics: HttpMetrics;
  lifecycle: Lifecycle;
}

/** What every request goes through before its route: an id, the watch, and the gate. */
export function observeRequests(fastify: FastifyInstance, observers: Observers): void {
  const routes = new RouteTable();
  routes.observe(fastify);
  const follows = followsRequests(observers.logger);
  fastify.addHook('onRequest', (request, reply, done) => {
    // Set on Node's response, so that answers written past Fastify (streams) carry it as well.
    reply.raw.setHeader(REQUEST_ID_HEADER, request.id);
    watch(request, reply, observers);
    if (follows) {
      runInRequest(request.id, done);
    } else {
      done();
    }
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    try {
      if (!gate(routes, request, reply)) {
        done();
      }
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (observers.lifecycle.draining) {
      void reply.header('connection', 'close');
    }
    done();
  });
}

/** Fastify's `onResponse` says nothing of an answer whose reader went away; `close` always comes. */
function watch(request: FastifyRequest, reply: FastifyReply, { logger, httpMetrics }: Observers): void {
  const start = performance.now();
  reply.raw.once('close', () => {
    const durationMs = performance.now() - start;
    const route = (request.is404 ? undefined : request.routeOptions.url) ?? 'unmatched';
    const complete = reply.raw.writableFinished;
    httpMetrics.observe({ method: request.method, route, status: reply.raw.statusCode, durationMs });
    logRequest(logger, { request, reply, route, durationMs, complete });
  });
}
