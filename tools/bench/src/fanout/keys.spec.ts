import { graphOf } from './graph.js';
import { oldEntriesOf } from './keys.js';

describe('what our timelines are filled with', () => {
  it('is in order, and below any post, as texts: posts have ids of 19 digits', () => {
    const entries = oldEntriesOf({ ...graphOf(1, []), oldEntries: 3 });
    expect(entries).toHaveLength(4);
    expect(entries.toSorted()).toEqual(entries);
    expect(entries.filter((entry) => !(entry < '1700000000000001000') || entry.length !== 19)).toEqual([]);
  });
});
