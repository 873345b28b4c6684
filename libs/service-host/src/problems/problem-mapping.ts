import { STATUS_CODES } from 'node:http';

import { HttpException } from '@nestjs/common';

import { type ProblemBody, type ProblemCode } from './problem-codes.js';
import {
  internalError,
  invalidRequest,
  notFound,
  ProblemException,
  tooLarge,
  unsupportedMediaType,
} from './problem.exception.js';

/** How an app says which of its errors are problems: storage errors, errors of its library. */
export type MapError = (error: unknown) => ProblemException | undefined;

/** What is answered to an error. */
export interface Answer {
  body: ProblemBody;
  headers: Readonly<Record<string, string>>;
}

/** Bytes that a body may have: the contract's limit. */
export const MAX_BODY_BYTES = 65_536;

/** Problems whose meaning an HTTP status has by itself. Other statuses have no code of ours. */
const CODE_OF_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid-request',
  403: 'blocked',
  404: 'not-found',
  409: 'idempotency-conflict',
  410: 'deleted',
  413: 'too-large',
  415: 'unsupported-media-type',
  429: 'rate-limited',
};

/**
 * Maps whatever a request threw to what its caller is told. The app is asked before NestJS's and Fastify's own errors
 * are looked at; an error that nobody knows is an `internal-error` that tells nothing.
 */
export function answerTo(error: unknown, mapError?: MapError): Answer {
  if (error instanceof ProblemException) {
    return error;
  }
  return mapError?.(error) ?? fastifyProblem(error) ?? httpAnswer(error) ?? internalError(error);
}

function fastifyProblem(error: unknown): ProblemException | undefined {
  switch (fastifyCode(error)) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return tooLarge(MAX_BODY_BYTES);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE':
      return unsupportedMediaType(undefined);
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return invalidRequest('the body is not as long as Content-Length says');
    case 'FST_ERR_BAD_URL':
      return invalidRequest('the path is not valid percent-encoded UTF-8');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return invalidRequest('a part of the path is too long');
    case 'FST_ERR_NOT_FOUND':
      return notFound();
    default:
      return undefined;
  }
}

/** NestJS wraps Fastify's errors of the caller in an HttpException. */
function fastifyCode(error: unknown): string {
  const inner = error instanceof HttpException && error.cause !== undefined ? error.cause : error;
  const code: unknown = inner instanceof Error && 'code' in inner ? inner.code : undefined;
  return typeof code === 'string' ? code : '';
}

function httpAnswer(error: unknown): Answer | undefined {
  if (!(error instanceof HttpException)) {
    return undefined;
  }
  const status = error.getStatus();
  const code = CODE_OF_STATUS[status];
  if (code !== undefined) {
    return new ProblemException(code, { detail: error.message, cause: error });
  }
  return status >= 400 && status !== 500 ? plainAnswer(status, error.message) : undefined;
}

/** A status without a code of the contract: RFC 9457 has `about:blank` for it. */
export function plainAnswer(status: number, detail: string): Answer {
  return {
    headers: {},
    body: { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail },
  };
}
