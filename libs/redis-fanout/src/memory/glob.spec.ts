import { globMatcher } from './glob.js';

describe('globMatcher', () => {
  it.each([
    ['news', ['news'], ['new', 'news.uk', 'xnews', '']],
    ['news*', ['news', 'news.uk', 'news*'], ['new', 'xnews']],
    ['*.uk', ['.uk', 'news.uk', 'a.uk.uk'], ['news.uk2']],
    ['a*b*c', ['abc', 'abbbc', 'aXbYcZc'], ['acb', 'ab', 'abcd']],
    ['**', ['', 'any'], []],
    ['n?ws', ['news', 'n?ws'], ['nws', 'neews']],
    ['n[eo]w', ['new', 'now'], ['naw', 'n[w', 'nw']],
    ['n[^eo]w', ['naw', 'n^w'], ['new', 'now', 'nw']],
    ['[a-c]1', ['a1', 'b1', 'c1'], ['d1', '-1']],
    ['[c-a]1', ['a1', 'b1', 'c1'], ['d1']],
    ['[^a-c]1', ['d1', '-1'], ['b1']],
    ['[a-cx]', ['b', 'x'], ['d', '-']],
    ['a\\*', ['a*'], ['ab', 'a\\*', 'a\\']],
    ['a\\?[\\]\\-]', ['a?]', 'a?-'], ['ab]', 'a?\\']],
    ['[\\a-c]', ['a', '-', 'c'], ['b']],
    ['a\\', ['a\\'], ['a']],
    ['[ab', ['a', 'b'], ['[ab', 'c']],
    ['[a-]', ['a', '_', ']'], ['-', 'b']],
    ['x[]y', [], ['xy', 'x[]y', 'x]y']],
    ['x[^]y', ['xay', 'x]y'], ['xy']],
    ['', [''], ['a']],
  ])('has %p match what Redis has it match', (pattern, matching, others) => {
    const matches = globMatcher(pattern);
    expect(matching.filter((text) => !matches(text))).toEqual([]);
    expect(others.filter((text) => matches(text))).toEqual([]);
  });

  it('is not held up by many stars', () => {
    const startedAt = performance.now();
    expect(globMatcher(`${'*a'.repeat(40)}b`)('a'.repeat(128))).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
