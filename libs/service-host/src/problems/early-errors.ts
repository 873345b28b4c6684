import { STATUS_CODES, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';

import { type FastifyReply, type FastifyRequest } from 'fastify';

import { newRequestId, REQUEST_ID_HEADER } from '../logging/request-context.js';
import { PROBLEM_MEDIA_TYPE } from './problem-codes.js';
import { type Answer, answerTo, plainAnswer } from './problem-mapping.js';
import { invalidRequest } from './problem.exception.js';

/** Answers what Fastify's router refuses before any hook runs: a malformed path, or one with too long a part. */
export function onFrameworkError(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  writeAnswer(reply.raw, answerTo(error), request.id);
}

function writeAnswer(response: ServerResponse, { body, headers }: Answer, requestId: string): void {
  const text = JSON.stringify(body);
  response
    .writeHead(body.status, {
      ...headers,
      [REQUEST_ID_HEADER]: requestId,
      'content-type': PROBLEM_MEDIA_TYPE,
      'content-length': Buffer.byteLength(text),
    })
    .end(text);
}

/** Answers what Node's HTTP parser refuses: there is no request yet, only a connection. */
export function onClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const { body } = answerToParser(error.code ?? '');
  const text = JSON.stringify(body);
  socket.end(
    [
      `HTTP/1.1 ${body.status} ${STATUS_CODES[body.status] ?? ''}`,
      `content-type: ${PROBLEM_MEDIA_TYPE}`,
      `content-length: ${Buffer.byteLength(text)}`,
      `${REQUEST_ID_HEADER}: ${newRequestId()}`,
      'connection: close',
      '',
      text,
    ].join('\r\n'),
  );
}

function answerToParser(code: string): Answer {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return plainAnswer(408, 'the request did not arrive in time');
    case 'HPE_HEADER_OVERFLOW':
      return plainAnswer(431, 'the headers are too large');
    default:
      return invalidRequest('this is not valid HTTP');
  }
}
