import { arrivals } from './arrivals.js';

describe('arrivals', () => {
  it('come at the rate that is asked for, one after the other, within the time', () => {
    const dueMs = arrivals(1000, 10, 1);
    expect(dueMs.length).toBeGreaterThan(9700);
    expect(dueMs.length).toBeLessThan(10_300);
    expect(dueMs).toEqual(dueMs.toSorted((a, b) => a - b));
    expect(dueMs[0]).toBeGreaterThan(0);
    expect(dueMs.at(-1)).toBeLessThan(10_000);
  });

  it('are as independent as those of many callers: the deviation of the gaps is their mean', () => {
    const dueMs = arrivals(1000, 10, 1);
    const gaps = dueMs.map((ms, i) => ms - (dueMs[i - 1] ?? 0));
    const variance = gaps.reduce((sum, gap) => sum + (gap - 1) ** 2, 0) / gaps.length;
    expect(variance).toBeCloseTo(1, 0);
  });

  it('are the same for the same seed', () => {
    expect(arrivals(100, 1, 7)).toEqual(arrivals(100, 1, 7));
    expect(arrivals(100, 1, 7)).not.toEqual(arrivals(100, 1, 8));
  });
});
