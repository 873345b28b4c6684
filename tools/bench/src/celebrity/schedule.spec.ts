import type { LoadSpec } from './calls.js';
import { thingsDue } from './schedule.js';

const LOAD: LoadSpec = { postsPerSecond: 100, pagesPerSecond: 500, seconds: 2, maxSeconds: 10, seed: 1 };

describe('a schedule', () => {
  it('has posts and pages at their rates, in the order in which they are due', () => {
    const due = thingsDue(LOAD);
    const count = (what: string): number => due.filter((each) => each.what === what).length;
    expect(Math.abs(count('post') - 200)).toBeLessThan(50);
    expect(Math.abs(count('page') - 1000)).toBeLessThan(100);
    expect(count('celebrity')).toBe(0);
    expect(due).toEqual(due.toSorted((a, b) => a.ms - b.ms));
    expect(due.at(-1)?.ms).toBeLessThan(2000);
  });

  it('goes on to the most where a celebrity posts, once and early', () => {
    const due = thingsDue({ ...LOAD, celebrity: 0 });
    expect(due.filter(({ what }) => what === 'celebrity')).toEqual([{ what: 'celebrity', ms: 200 }]);
    expect(due.at(-1)?.ms).toBeGreaterThan(9900);
  });

  it('is the same for all contestants', () => {
    expect(thingsDue(LOAD)).toEqual(thingsDue(LOAD));
    expect(thingsDue(LOAD)).not.toEqual(thingsDue({ ...LOAD, seed: 10 }));
  });
});
