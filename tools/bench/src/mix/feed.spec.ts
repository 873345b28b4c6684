import { graphOf } from '../fanout/graph.js';
import { filledTimelines, numberIn, textOf } from './feed.js';

/** Everybody follows user 0, and user 2 follows 1, too. */
const GRAPH = graphOf(3, [Int32Array.of(1, 2), Int32Array.of(2), Int32Array.of()]);
const POSTS = [0, 1, 0, 2].map((author, i) => ({ n: i - 4, author }));

describe('timelines', () => {
  it('are filled with the newest posts of everybody followed, and own ones', () => {
    expect([...filledTimelines(GRAPH, POSTS, 3)]).toEqual([
      { user: 0, newest: [-2, -4] },
      { user: 1, newest: [-2, -3, -4] },
      { user: 2, newest: [-1, -2, -3] },
    ]);
  });

  it('are not filled with what is not pushed, but for own posts', () => {
    expect([...filledTimelines(GRAPH, POSTS, 3, (author) => author !== 0)]).toEqual([
      { user: 0, newest: [-2, -4] },
      { user: 1, newest: [-3] },
      { user: 2, newest: [-1, -3] },
    ]);
  });
});

describe('a text', () => {
  it('has about 100 bytes, and says the number of its post', () => {
    for (const n of [0, 12_345, -80_000]) {
      expect(numberIn({ id: '', text: textOf(n) })).toBe(n);
      expect(Math.abs(textOf(n).length - 100)).toBeLessThan(10);
    }
  });
});
