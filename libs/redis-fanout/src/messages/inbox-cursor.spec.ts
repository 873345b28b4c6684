import { InvalidCursorError } from '../errors.js';
import { decodeInboxCursor, encodeInboxCursor } from './inbox-cursor.js';

const of = (text: string): string => Buffer.from(text).toString('base64url');

describe('the cursor of an inbox', () => {
  it.each(['0000000000000000000', '1700000000123004005', '9999999999999999999'])(
    'names the place %s',
    (id) => {
      expect(decodeInboxCursor(encodeInboxCursor(id))).toBe(id);
    },
  );

  it.each([
    '',
    'x',
    '1700000000123004005',
    of('1700000000123004005'),
    of('after 170000000012300400'),
    of('after 17000000001230040055'),
    of('after 1700000000123004005 '),
    of('after -700000000123004005'),
    of('After 1700000000123004005'),
    of('1700000000123004005.0'),
    `${of('after 1700000000123004005')}A`,
    `${of('after 1700000000123004005')}=`,
  ])('is refused where no page gave it: %j', (cursor) => {
    expect(() => decodeInboxCursor(cursor)).toThrow(InvalidCursorError);
  });
});
