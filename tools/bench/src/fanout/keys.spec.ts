import { oldEntriesOf } from './keys.js';

describe('what our timelines are filled with', () => {
  it('is in order, and below any post, as texts: posts have ids of 19 digits', () => {
    const entries = oldEntriesOf(3);
    expect(entries).toHaveLength(4);
    expect(entries.toSorted()).toEqual(entries);
    const ids = entries.map((entry) => entry.replace(/-\d{19}$/, ''));
    expect(ids.filter((id) => !(id < '1700000000000001000') || id.length !== 19)).toEqual([]);
  });
});
