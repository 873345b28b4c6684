import {
  BacklogFullError,
  BlockedError,
  IdempotencyConflictError,
  InboxFullError,
  InvalidCursorError,
  isStorageUnavailable,
  PostDeletedError,
  PostNotFoundError,
  RateLimitedError,
  SelfFollowError,
  SelfHideError,
} from 'redis-fanout';

import {
  backlogFull,
  blocked,
  deleted,
  idempotencyConflict,
  invalidField,
  notFound,
  type ProblemException,
  rateLimited,
  storageUnavailable,
} from '../problems/problem.exception.js';

/** How long a caller should wait for Redis, for the fan-out to catch up, and for a recipient to read. */
const STORAGE_RETRY_SECONDS = 2;
const BACKLOG_RETRY_SECONDS = 5;
const INBOX_RETRY_SECONDS = 60;

/** The problem that an error of the fan-out is to a caller; undefined where it is a fault of ours. */
export function fanoutProblem(error: unknown): ProblemException | undefined {
  if (error instanceof PostNotFoundError) return notFound(error.message);
  if (error instanceof PostDeletedError) return deleted(error.message);
  if (error instanceof IdempotencyConflictError) return idempotencyConflict(error.message);
  if (error instanceof RateLimitedError) return rateLimited(error.retryAfterMs / 1000, error.message);
  if (error instanceof BacklogFullError) return backlogFull(BACKLOG_RETRY_SECONDS, error.message);
  if (error instanceof InboxFullError) return backlogFull(INBOX_RETRY_SECONDS, error.message);
  if (error instanceof InvalidCursorError) return invalidField('cursor', 'is not one that a page gave');
  if (error instanceof SelfFollowError) return invalidField('author', 'must not be the reader themselves');
  if (error instanceof SelfHideError) return invalidField('other', 'must not be the user themselves');
  if (error instanceof BlockedError) return blocked(error.message);
  if (isStorageUnavailable(error)) return storageUnavailable(STORAGE_RETRY_SECONDS, error);
  return undefined;
}
