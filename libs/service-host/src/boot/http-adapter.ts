import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyInstance, LogController } from 'fastify';

import { installBodyParsers } from '../body/body-parsers.js';
import { type ServiceLogger } from '../logging/logger.js';
import { requestIdOf } from '../logging/request-context.js';
import { onClientError, onFrameworkError } from '../problems/early-errors.js';
import { MAX_BODY_BYTES } from '../problems/problem-mapping.js';
import { type Observers, observeRequests } from './request-hooks.js';

/** Longer than any id, so that a wrong id is refused by its pipe, which can say which one it is. */
const MAX_PARAM_LENGTH = 500;

/** Fastify as the services want it. */
export function createHttpAdapter(observers: Observers): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    // No service has middleware, and what would run it is a hook of every request.
    skipMiddie: true,
    // A streamed import may take hours. Node's own limit on the headers stays.
    requestTimeout: 0,
    // Requests that come on open connections while draining are answered; new connections are not taken.
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    genReqId: requestIdOf,
    ...logging(observers.logger),
    frameworkErrors: onFrameworkError,
    clientErrorHandler: onClientError,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  installBodyParsers(fastify);
  observeRequests(fastify, observers);
  return adapter;
}

/** Fastify's own lines are off: there is one line a request and one for listening, and they are ours. */
function logging(logger: ServiceLogger): object {
  return {
    loggerInstance: logger.child({}, { level: logger.isLevelEnabled('info') ? 'warn' : logger.level }),
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (parent: ServiceLogger): ServiceLogger => parent,
  };
}
