import { Backoff } from './backoff.js';

describe('Backoff', () => {
  it('doubles up to ten seconds, and begins again after a good run', () => {
    const backoff = new Backoff();
    const waits = Array.from({ length: 8 }, () => backoff.next(5));
    expect(waits).toEqual([200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
    expect(backoff.next(30_000)).toBe(200);
    expect(backoff.next(29_999)).toBe(400);
  });
});
