import { storedMessage } from './direct-message.js';

describe('an entry of an inbox', () => {
  it.each([
    'hello',
    ' ',
    '  two  blanks ',
    '',
    'a\nb\u0000',
    '1700000000000000000 ann x',
    '\u{1f469}\u200d\u{1f680}',
  ])('gives the text %j exactly', (text) => {
    expect(storedMessage(`1700000000123004005 ann ${text}`, 'bob')).toEqual({
      id: '1700000000123004005',
      from: 'ann',
      to: 'bob',
      text,
      createdAt: '2023-11-14T22:13:20.123Z',
    });
  });
});
