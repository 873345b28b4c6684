/** An option has a value that cannot work. Found at construction. */
export class InvalidOptionError extends Error {
  override readonly name = 'InvalidOptionError';
  readonly retryable = false;

  constructor(
    /** The name of the option. */
    readonly option: string,
    /** What is allowed. */
    readonly allowed: string,
    /** What was given. */
    readonly value: unknown,
  ) {
    super(`${option} must be ${allowed}, but is ${describe(value)}`);
  }
}

/** An entry of a stream, or a message of a channel, is not in the wire format. */
export class InvalidEntryError extends Error {
  override readonly name = 'InvalidEntryError';
  readonly retryable = false;
}

/** No event handler is registered for the pattern of an entry. */
export class UnknownPatternError extends Error {
  override readonly name = 'UnknownPatternError';
  readonly retryable = true;

  constructor(readonly pattern: string) {
    super(`no @EventPattern handler for ${describe(pattern)}`);
  }
}

/** A cursor was not made by the list that it is given to. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError';
  readonly retryable = false;

  constructor(readonly cursor: string) {
    super('the cursor is not one of this list');
  }
}

/** An event could not be appended to its stream; whether Redis has it is unknown where the connection broke. */
export class EmitFailedError extends Error {
  override readonly name = 'EmitFailedError';
  readonly retryable = true;

  constructor(
    readonly pattern: string,
    readonly stream: string,
    cause: unknown,
  ) {
    super(`${describe(pattern)} could not be appended to ${stream}: ${errorText(cause)}`, { cause });
  }
}

/** Something that NestJS offers and this transport does not. */
export class UnsupportedOperationError extends Error {
  override readonly name = 'UnsupportedOperationError';
  readonly retryable = false;

  constructor(
    readonly operation: string,
    readonly instead: string,
  ) {
    super(`${operation} is not supported: ${instead}`);
  }
}

/** How much of an error's text is kept, in characters. */
const MAX_ERROR_TEXT = 1000;

/** What was thrown, as a text of bounded length. */
export function errorText(error: unknown): string {
  return fullErrorText(error).slice(0, MAX_ERROR_TEXT);
}

function fullErrorText(error: unknown): string {
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  if (typeof error === 'string') return error;
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return describe(error);
}

function describe(value: unknown): string {
  try {
    const text = JSON.stringify(value) as string | undefined;
    return text ?? String(value);
  } catch {
    return typeof value;
  }
}
