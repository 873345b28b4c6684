import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';

import { discardBody, wasAbandoned } from '../body/unread-body.js';
import { REQUEST_ID_HEADER, rememberFailure } from '../logging/request-context.js';
import { PROBLEM_MEDIA_TYPE } from './problem-codes.js';
import { answerTo, type MapError } from './problem-mapping.js';

/** Answers every error of a request as `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #mapError: MapError | undefined;

  constructor(mapError?: MapError) {
    this.#mapError = mapError;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') {
      throw error;
    }
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (wasAbandoned(request.raw)) {
      reply.raw.destroy();
      return;
    }
    if (reply.raw.headersSent) {
      // The status is gone already: a cut connection is the only way left to say that the answer is not whole.
      rememberFailure(request.raw, error);
      reply.raw.destroy();
      return;
    }
    const { body, headers } = answerTo(error, this.#mapError);
    if (body.status >= 500) {
      rememberFailure(request.raw, error);
    }
    discardBody(request.raw, reply);
    void reply
      .code(body.status)
      .headers({ ...headers, [REQUEST_ID_HEADER]: request.id, 'content-type': PROBLEM_MEDIA_TYPE })
      // Bytes, because Fastify adds a charset to the media type of text, and this one has no such parameter.
      .send(Buffer.from(JSON.stringify(body)));
  }
}
