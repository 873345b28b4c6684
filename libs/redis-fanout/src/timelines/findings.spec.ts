import { foundTwice, timelineFindings } from './findings.js';

const bob = { reader: 'bob', state: 'live', entries: 3 } as const;
const none = { holes: [], doubles: [], strangers: [], misplaced: [] };

describe('foundTwice', () => {
  it('keeps what both looks have found, list by list', () => {
    const first = timelineFindings(bob, { ...none, holes: ['3', '2'], strangers: ['1'] }, [
      { author: 'ann', ...none, holes: ['3', '2'] },
      { author: 'cid', ...none, doubles: ['9'] },
    ]);
    const second = timelineFindings({ ...bob, entries: 4 }, { ...none, holes: ['4', '2'], doubles: ['1'] }, [
      { author: 'ann', ...none, holes: ['2'] },
      { author: 'cid', ...none, misplaced: ['9'] },
      { author: 'eve', ...none, misplaced: ['8'] },
    ]);
    expect(foundTwice(first, second)).toEqual({
      ...bob,
      entries: 4,
      ...none,
      holes: ['2'],
      recents: [{ author: 'ann', ...none, holes: ['2'] }],
      isSound: false,
    });
  });

  it('finds nothing where the looks share nothing', () => {
    const first = timelineFindings(bob, { ...none, holes: ['3'] });
    const cold = timelineFindings({ ...bob, state: 'cold', entries: 0 });
    expect(foundTwice(first, cold)).toEqual(cold);
    expect(foundTwice(first, timelineFindings(bob, { ...none, misplaced: ['3'] }))).toMatchObject({
      ...none,
      isSound: true,
    });
  });
});
