/**
 * Every problem that callers are told of: the table of the HTTP contract, and `internal-error` for our own faults.
 * A code is part of the contract; a title is for people and may change.
 */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  blocked: { status: 403, title: 'One of the two has blocked the other' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'This path does not take this method' },
  'idempotency-conflict': { status: 409, title: 'This idempotency key was used with another body' },
  deleted: { status: 410, title: 'This post was deleted' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body has to be application/json' },
  'rate-limited': { status: 429, title: 'Too many posts in too short a time' },
  'internal-error': { status: 500, title: 'Something went wrong here' },
  'backlog-full': { status: 503, title: 'Delivery is too far behind to take more' },
  'too-many-connections': { status: 503, title: 'There are as many connections as this instance takes' },
  'storage-unavailable': { status: 503, title: 'The storage is out of reach or full' },
} as const satisfies Record<string, { status: number; title: string }>;

/** The last part of a problem's `type`, `urn:redis-fanout:problem:<code>`. */
export type ProblemCode = keyof typeof PROBLEMS;

/** One field of a request that is wrong. Elements of lists are written `attachments.3`. */
export interface FieldError {
  field: string;
  message: string;
}

/** The body of an `application/problem+json` answer (RFC 9457). */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: readonly FieldError[];
}

/** The media type of RFC 9457. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** The `type` of a problem. */
export function problemType(code: ProblemCode): string {
  return `urn:redis-fanout:problem:${code}`;
}
