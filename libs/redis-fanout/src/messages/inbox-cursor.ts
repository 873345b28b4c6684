import { InvalidCursorError } from '../errors.js';

/** The id after which a page of an inbox begins, as an opaque text that can stand in a URL. */
export function encodeInboxCursor(after: string): string {
  return Buffer.from(`after ${after}`).toString('base64url');
}

/** @throws InvalidCursorError for anything that `encodeInboxCursor` does not give. */
export function decodeInboxCursor(cursor: string): string {
  const [, after] = /^after (\d{19})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (after === undefined || encodeInboxCursor(after) !== cursor) throw new InvalidCursorError();
  return after;
}
