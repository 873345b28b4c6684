import { httpUrl, integer, list, postId, text, userId } from './rules.js';

describe('rules', () => {
  it.each(['a', 'A-z_0', 'x'.repeat(64)])('%s is the id of a user', (value) => {
    expect(userId(value)).toBeUndefined();
  });

  it.each([undefined, null, 5, '', 'x'.repeat(65), 'ä', 'a b', 'a\n', ['a']])(
    '%p is no id of a user',
    (value) => {
      expect(userId(value)).toBeDefined();
    },
  );

  it.each(['123', 1234567890123456789n, '12345678901234567890', '١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨٩'])(
    '%p is no id of a post',
    (value) => {
      expect(postId(value)).toBeDefined();
    },
  );

  it.each(['a', ' ', 'x'.repeat(10), '😀'.repeat(10), '\u{10FFFF}', 'e\u0301', '\uFEFF'])(
    '%p is text of 10',
    (value) => {
      expect(text(10)(value)).toBeUndefined();
    },
  );

  it.each([
    undefined,
    null,
    1,
    '',
    'x'.repeat(11),
    '😀'.repeat(11),
    'a\u0000',
    '\uD800',
    'a\uDC00b',
    '\uDC00\uD800',
  ])('%p is not', (value) => {
    expect(text(10)(value)).toBeDefined();
  });

  it.each(['http://a', 'HTTPS://A.B:8/c?d#e', 'https://[::1]/', 'https://ü.example/😀'])(
    '%s is a URL',
    (value) => {
      expect(httpUrl(value)).toBeUndefined();
    },
  );

  it.each([
    undefined,
    1,
    '',
    'a',
    '//a',
    'http:a',
    'http:///a',
    'ftp://a',
    ' http://a',
    'http://a ',
    'http://a/\uD800',
    'http://a:b',
  ])('%p is no URL', (value) => {
    expect(httpUrl(value)).toBeDefined();
  });

  it('knows numbers and lists', () => {
    expect(integer(1, 3)(3)).toBeUndefined();
    expect([0, 4, 1.5, '2', NaN, null, undefined].map(integer(1, 3))).not.toContain(undefined);
    expect(list(1)([])).toBeUndefined();
    expect([[1, 2], {}, 'a', null, undefined].map(list(1))).not.toContain(undefined);
  });
});
