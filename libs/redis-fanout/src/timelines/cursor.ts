import { InvalidCursorError } from '../errors.js';
import { isPostId } from '../post-id.js';

/** Where a page goes on. */
export interface PagePosition {
  /** Below this id; `'~'` at the start. */
  readonly below: string;
  /** Where in the list that was read most to look first; the page is the same whatever it says. */
  readonly offset: number;
}

export const START: PagePosition = { below: '~', offset: 0 };

/** The position as an opaque text that can stand in a URL. */
export function encodeCursor({ below, offset }: PagePosition): string {
  return Buffer.from(`${below}.${offset}`).toString('base64url');
}

/** @throws InvalidCursorError for anything that `encodeCursor` does not give. */
export function decodeCursor(cursor: string | undefined): PagePosition {
  if (cursor === undefined) return START;
  const [below = '', offset = '', ...rest] = Buffer.from(cursor, 'base64url').toString('latin1').split('.');
  const position = { below, offset: Number(offset) };
  if (rest.length > 0 || !isPostId(below) || !/^\d{1,7}$/.test(offset) || encodeCursor(position) !== cursor) {
    throw new InvalidCursorError();
  }
  return position;
}
