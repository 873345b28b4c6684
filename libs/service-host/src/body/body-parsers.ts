import { type FastifyInstance, type FastifyRequest } from 'fastify';

import { unsupportedMediaType } from '../problems/problem.exception.js';
import { limitBodyTime } from './body-time.js';
import { parseJsonBody } from './json-body.js';
import { takesRawBody } from './raw-body-stream.js';
import { hasBody } from './unread-body.js';

/**
 * Replaces the parsers of Fastify and NestJS, which take text and forms as well. A body is JSON or refused; an absent
 * or empty one is `undefined` whatever its type says, for clients that send the header with every request.
 */
export function installBodyParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, body.length === 0 ? undefined : parseJsonBody(body as Buffer));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
  fastify.addContentTypeParser('*', (request, _payload, done) => {
    if (takesRawBody(request) || !hasBody(request.raw)) {
      done(null, undefined);
    } else {
      done(unsupportedMediaType(request.headers['content-type']), undefined);
    }
  });
}

/**
 * Makes ready for the body: it has its time to arrive, except on a raw route. There it passes whatever its type, for
 * JSON would be read as a whole and an odd type refused.
 */
export function expectBody(request: FastifyRequest): void {
  if (takesRawBody(request)) {
    delete request.raw.headers['content-type'];
  } else {
    limitBodyTime(request.raw);
  }
}
