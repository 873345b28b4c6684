import { Backoff, retryAfterMs } from './backoff.js';

/** The waits of so many failures in a row, as long as they can be. */
const longest = (backoff: Backoff, count: number): number[] =>
  Array.from({ length: count }, () => backoff.next(false).delayMs);

describe('the backoff', () => {
  it('doubles with each failure up to the limit, and begins anew behind what was healthy', () => {
    const backoff = new Backoff(1000, 30_000, () => 1);
    expect(longest(backoff, 7)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(backoff.next(true).delayMs).toBe(1000);
    expect(longest(backoff, 2)).toEqual([2000, 4000]);
  });

  it('is at random from nothing to the whole', () => {
    const chances = [0, 0.5, 0.25];
    const backoff = new Backoff(1000, 30_000, () => chances.shift() ?? 0);
    expect(longest(backoff, 3)).toEqual([0, 1000, 1000]);
  });

  it('stays at the limit for ever', () => {
    const backoff = new Backoff(1, 86_400_000, () => 1);
    expect(new Set(longest(backoff, 5000).slice(30))).toEqual(new Set([86_400_000]));
  });

  it('comes on top of what the server asks for, which is kept to up to ten minutes', () => {
    const backoff = new Backoff(1000, 30_000, () => 0.5);
    expect(backoff.next(true, 60_000)).toEqual({ askedMs: 60_000, delayMs: 60_500 });
    expect(backoff.next(true, Number.MAX_VALUE)).toEqual({ askedMs: 600_000, delayMs: 600_500 });
    expect(backoff.next(true, Infinity)).toEqual({ askedMs: 600_000, delayMs: 600_500 });
    expect(backoff.next(true, -5)).toEqual({ askedMs: 0, delayMs: 500 });
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-23T10:00:00Z');

  it.each([
    ['5', 5000],
    [' 0 ', 0],
    ['Mon, 23 Nov 2026 10:00:07 GMT', 7000],
    ['Mon, 23 Nov 2026 09:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j says %p', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});
