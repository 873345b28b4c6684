import { type FastifyReply, type FastifyRequest } from 'fastify';

import { type ServiceLogger } from './logger.js';
import { failureOf } from './request-context.js';

/** A request that is over. */
export interface FinishedRequest {
  request: FastifyRequest;
  reply: FastifyReply;
  /** The route's pattern, `unmatched` where there is none. Bounded, unlike the URL. */
  route: string;
  durationMs: number;
  /** Whether the whole answer was handed over; false where the client went away, or we cut it off. */
  complete: boolean;
}

/**
 * One line a request at debug, one at error where we failed. Readiness is the exception: its 503 is an answer as good
 * as any, it repeats every few seconds, and the health check logs the change.
 */
export function logRequest(logger: ServiceLogger, finished: FinishedRequest): void {
  const { request, reply, route, durationMs, complete } = finished;
  const err = failureOf(request.raw);
  const failed = err !== undefined || (reply.raw.statusCode >= 500 && route !== '/health/ready');
  const level = failed ? 'error' : 'debug';
  if (!logger.isLevelEnabled(level)) {
    return;
  }
  logger[level](
    {
      requestId: request.id,
      method: request.method,
      url: request.raw.url,
      route,
      status: reply.raw.statusCode,
      durationMs: Math.round(durationMs * 10) / 10,
      ...(!complete && { complete }),
      ...(err !== undefined && { err }),
    },
    failed ? 'request failed' : 'request',
  );
}
