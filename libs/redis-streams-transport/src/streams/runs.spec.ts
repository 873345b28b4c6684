import { encodeEvent, type StreamEntry } from './stream-entry.js';
import { toRuns } from './runs.js';

function entry(id: string, fields: readonly string[]): StreamEntry {
  return { id, deliveries: 1, fields };
}

it('parts entries where the pattern changes, and puts aside what it cannot read', () => {
  const entries = [
    entry('1-0', encodeEvent('a', 1)),
    entry('2-0', ['pattern', 'a', 'data', '{']),
    entry('3-0', encodeEvent('a', { b: 2 })),
    entry('4-0', encodeEvent('b', null)),
    entry('5-0', ['data', '1']),
    entry('6-0', ['more', 'x', ...encodeEvent('a', [])]),
  ];
  const { runs, unreadable } = toRuns(entries);
  expect(runs.map(({ pattern, data }) => [pattern, data])).toEqual([
    ['a', [1, { b: 2 }]],
    ['b', [null]],
    ['a', [[]]],
  ]);
  expect(runs.flatMap((run) => run.entries.map(({ id }) => id))).toEqual(['1-0', '3-0', '4-0', '6-0']);
  expect(unreadable.map((each) => each.entry.id)).toEqual(['2-0', '5-0']);
});
