/** What the library throws. `retryable` says whether the same call may succeed later, unchanged. */
export abstract class FanoutError extends Error {
  abstract readonly retryable: boolean;
  /** The name of its class. */
  override get name(): string {
    return this.constructor.name;
  }
}

/** An option is not what it may be. */
export class InvalidOptionError extends FanoutError {
  readonly retryable = false;
  constructor(
    readonly option: string,
    allowed: string,
  ) {
    super(`${option}: ${allowed}`);
  }
}

/** The cursor is none that the library gave out. */
export class InvalidCursorError extends FanoutError {
  readonly retryable = false;
  constructor() {
    super('the cursor is not one that a page gave');
  }
}

/** The name of a source or recipient is not of the form that keys and scripts rely on. */
export class InvalidNameError extends FanoutError {
  readonly retryable = false;
  constructor(allowed = '1 to 128 of A-Z a-z 0-9 _ - . : @ /') {
    super(`the name of a source or recipient is ${allowed}`);
  }
}

/** A user's id is not of the form that keys and scripts rely on. */
export class InvalidUserIdError extends InvalidNameError {
  constructor() {
    super('1 to 64 of A-Z a-z 0-9 _ -');
  }
}

/** A reader cannot follow themselves: their own posts are in their timeline anyway. */
export class SelfFollowError extends FanoutError {
  readonly retryable = false;
  constructor(readonly user: string) {
    super(`${user} cannot follow themselves`);
  }
}

/** A user cannot mute or block themselves. */
export class SelfHideError extends FanoutError {
  readonly retryable = false;
  constructor(readonly user: string) {
    super(`${user} cannot mute or block themselves`);
  }
}

/** One of the two has blocked the other. */
export class BlockedError extends FanoutError {
  readonly retryable = false;
  constructor(
    readonly user: string,
    readonly other: string,
  ) {
    super(`${user} or ${other} has blocked the other`);
  }
}

/** There is no such post, or none of that author. */
export class PostNotFoundError extends FanoutError {
  readonly retryable = false;
  constructor(readonly id: string) {
    super(`there is no post ${id}`);
  }
}

/** The post was deleted. */
export class PostDeletedError extends FanoutError {
  readonly retryable = false;
  constructor(readonly id: string) {
    super(`the post ${id} was deleted`);
  }
}

/** The same idempotency key came with another body. */
export class IdempotencyConflictError extends FanoutError {
  readonly retryable = false;
  constructor() {
    super('the idempotency key was used for another body');
  }
}

/** The author posts faster than allowed; nothing was stored. */
export class RateLimitedError extends FanoutError {
  readonly retryable = true;
  constructor(readonly retryAfterMs: number) {
    super(`the author may post again in ${retryAfterMs} ms`);
  }
}

/** The fan-out is too far behind to take more; nothing was stored. */
export class BacklogFullError extends FanoutError {
  readonly retryable = true;
  constructor(readonly backlog: number) {
    super(`${backlog} events wait for the fan-out`);
  }
}

/** The recipient has as many unread messages as an inbox holds; nothing was stored. */
export class InboxFullError extends FanoutError {
  readonly retryable = true;
  constructor(
    readonly user: string,
    readonly maxMessages: number,
  ) {
    super(`${user} has ${maxMessages} unread messages, and gets no more until some are read`);
  }
}

/** The id of a direct message is not 19 digits. */
export class InvalidMessageIdError extends FanoutError {
  readonly retryable = false;
  constructor() {
    super('the id of a message is 19 digits');
  }
}

/** A post to be imported cannot have the time it asks for. */
export class ImportTimeError extends FanoutError {
  readonly retryable = false;
}

/** The strategy cannot do this; its `capabilities` say so. */
export class UnsupportedOperationError extends FanoutError {
  readonly retryable = false;
  constructor(
    readonly strategy: string,
    readonly operation: string,
    reason: string,
  ) {
    super(`${strategy}: no ${operation}, as ${reason}`);
  }
}

/** The strategy was closed. */
export class ClosedError extends FanoutError {
  readonly retryable = false;
  constructor() {
    super('the strategy was closed');
  }
}

/** The payload is no JSON value. */
export class InvalidPayloadError extends FanoutError {
  readonly retryable = false;
  constructor(cause?: unknown) {
    super('a payload is a JSON value', { cause });
  }
}

/** The payload is larger than the strategy takes; nothing was stored. */
export class PayloadTooLargeError extends FanoutError {
  readonly retryable = false;
  constructor(
    readonly bytes: number,
    readonly maxBytes: number,
  ) {
    super(`a payload of ${bytes} bytes: at most ${maxBytes} are taken`);
  }
}

/** The source has as many recipients as the strategy can serve. */
export class AudienceTooLargeError extends FanoutError {
  readonly retryable = false;
  constructor(
    readonly source: string,
    readonly largestAudience: number,
  ) {
    super(`${source} has ${largestAudience} recipients, and can have no more`);
  }
}

/** The recipient is not subscribed to the source. */
export class NotSubscribedError extends FanoutError {
  readonly retryable = false;
  constructor(
    readonly recipient: string,
    readonly source: string,
  ) {
    super(`${recipient} is not subscribed to ${source}`);
  }
}

/** Redis is out of reach, out of memory or not able to write at this moment. */
export class StorageUnavailableError extends FanoutError {
  readonly retryable = true;
  constructor(cause: unknown) {
    super(`Redis does not serve: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** This Redis is not set up in a way that can keep the promises. */
export class UnsuitableRedisError extends FanoutError {
  readonly retryable = false;
}

/** Codes that Redis puts first in the text of an error that passes. */
const PASSING_REPLIES =
  /^(OOM|LOADING|CLUSTERDOWN|MASTERDOWN|READONLY|TRYAGAIN|NOREPLICAS|MISCONF|BUSY|UNKILLABLE|MOVED|ASK)\b/;
const CONNECTION_ERRORS =
  /(Script attempted to access a non local key|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|Connection is closed|Command timed out|Socket timeout|retries per request|Failed to refresh slots cache|isn't writeable|None of startup nodes|Too many Cluster redirections|max number of clients)/;

/** Whether an error of ioredis or Redis tells that the server cannot serve at this moment. */
export function isStorageUnavailable(error: unknown): boolean {
  if (error instanceof StorageUnavailableError) return true;
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return PASSING_REPLIES.test(error.message) || CONNECTION_ERRORS.test(`${code} ${error.message}`);
}
