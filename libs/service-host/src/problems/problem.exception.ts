import { HttpException } from '@nestjs/common';

import {
  type FieldError,
  type ProblemBody,
  type ProblemCode,
  PROBLEMS,
  problemType,
} from './problem-codes.js';

/** What a problem may carry besides its code. */
export interface ProblemOptions {
  /** What exactly is wrong, for the caller to read. Never what must not leave the process. */
  detail?: string;
  errors?: readonly FieldError[];
  /** Seconds after which trying again makes sense; sent as `Retry-After`, rounded up to whole seconds. */
  retryAfterSeconds?: number;
  /** The methods that the path takes; sent as `Allow`. */
  allow?: readonly string[];
  cause?: unknown;
}

/** An error that the caller is told of, with a code of the contract. Throw it anywhere in a request. */
export class ProblemException extends HttpException {
  readonly code: ProblemCode;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ProblemBody;

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    const body = bodyOf(code, options);
    super(body, body.status, { cause: options.cause });
    this.message = body.detail;
    this.code = code;
    this.body = body;
    this.headers = headersOf(options);
  }
}

function bodyOf(code: ProblemCode, { detail, errors }: ProblemOptions): ProblemBody {
  const { status, title } = PROBLEMS[code];
  const body: ProblemBody = { type: problemType(code), title, status, detail: detail ?? title };
  return errors === undefined ? body : { ...body, errors };
}

function headersOf({ retryAfterSeconds, allow }: ProblemOptions): Record<string, string> {
  const headers: Record<string, string> & { allow?: string } = {};
  if (retryAfterSeconds !== undefined) {
    // Zero would invite the caller to try again at once, in a loop.
    headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterSeconds)));
  }
  if (allow !== undefined) {
    headers.allow = allow.join(', ');
  }
  return headers;
}

/** 400: the request is wrong; `errors` says which fields are. */
export function invalidRequest(
  detail: string,
  errors?: readonly FieldError[],
  cause?: unknown,
): ProblemException {
  return new ProblemException('invalid-request', { detail, cause, ...(errors && { errors }) });
}

/** 400 for one field: a bad id, limit or cursor. */
export function invalidField(field: string, message: string): ProblemException {
  return invalidRequest(`${field} ${message}`, [{ field, message }]);
}

/** 403: one of the two blocked the other. */
export function blocked(detail?: string): ProblemException {
  return new ProblemException('blocked', detailed(detail));
}

/** 404: no such post, dead letter or path. */
export function notFound(detail?: string): ProblemException {
  return new ProblemException('not-found', detailed(detail));
}

/** 405, with the methods that the path takes. */
export function methodNotAllowed(method: string, allow: readonly string[]): ProblemException {
  return new ProblemException('method-not-allowed', {
    allow,
    detail: `${method} is not among the methods of this path: ${allow.join(', ')}`,
  });
}

/** 409: the same idempotency key with another body. */
export function idempotencyConflict(detail?: string): ProblemException {
  return new ProblemException('idempotency-conflict', detailed(detail));
}

/** 410: the post was deleted. */
export function deleted(detail?: string): ProblemException {
  return new ProblemException('deleted', detailed(detail));
}

/** 413: the body has more than `maxBytes` bytes. */
export function tooLarge(maxBytes: number): ProblemException {
  return new ProblemException('too-large', { detail: `a body has at most ${maxBytes} bytes` });
}

/** 415: the body is not `application/json`. */
export function unsupportedMediaType(mediaType: string | undefined): ProblemException {
  const given = mediaType === undefined ? 'there is no Content-Type' : `it is ${mediaType.slice(0, 100)}`;
  return new ProblemException('unsupported-media-type', {
    detail: `Content-Type has to be application/json; ${given}`,
  });
}

/** 429: the author posts too fast. */
export function rateLimited(retryAfterSeconds: number, detail?: string): ProblemException {
  return new ProblemException('rate-limited', { retryAfterSeconds, ...detailed(detail) });
}

/** 503: the fan-out is too far behind to take more. */
export function backlogFull(retryAfterSeconds: number, detail?: string): ProblemException {
  return new ProblemException('backlog-full', { retryAfterSeconds, ...detailed(detail) });
}

/** 503: Redis is out of reach or out of memory, and nothing was stored. `cause` goes to the log, not to the caller. */
export function storageUnavailable(retryAfterSeconds: number, cause?: unknown): ProblemException {
  return new ProblemException('storage-unavailable', { retryAfterSeconds, cause });
}

/** 500: a fault of ours. `cause` goes to the log, not to the caller. */
export function internalError(cause: unknown): ProblemException {
  return new ProblemException('internal-error', { cause });
}

function detailed(detail: string | undefined): ProblemOptions {
  return detail === undefined ? {} : { detail };
}
