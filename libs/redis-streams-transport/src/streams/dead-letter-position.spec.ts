import { compareNewestFirst, fromCursor, parsePosition, toCursor } from './dead-letter-position.js';

it('reads what it writes', () => {
  for (const id of ['0-0-0', '12-1700000000000-3', '1-18446744073709551615-18446744073709551615']) {
    const position = parsePosition(id)!;
    expect(fromCursor(toCursor(position))).toEqual(position);
  }
});

it.each(['1-18446744073709551616-0', '1-2', 'a-1-1', ' 1-1-1', '1-1-1\n'])('does not read %j', (id) => {
  expect(parsePosition(id)).toBeUndefined();
});

it('orders by id, newest first, then by stream', () => {
  const ids = ['1-5-1', '0-5-1', '0-5-10', '2-10-0', '0-9007199254740993-0', '0-9007199254740992-0'];
  const sorted = ids
    .map((id) => parsePosition(id)!)
    .sort(compareNewestFirst)
    .map(({ index, ms, sequence }) => `${index}-${ms.toString()}-${sequence.toString()}`);
  expect(sorted).toEqual([
    '0-9007199254740993-0',
    '0-9007199254740992-0',
    '2-10-0',
    '0-5-10',
    '0-5-1',
    '1-5-1',
  ]);
});
