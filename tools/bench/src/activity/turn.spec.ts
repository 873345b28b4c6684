import { graphOf } from '../fanout/graph.js';
import { activeShare } from './turn.js';

describe('the share of active followers', () => {
  it('is that of the posts, not of the readers', () => {
    const graph = {
      ...graphOf(4, [Int32Array.of(0, 1, 2), Int32Array.of(3)]),
      isActive: (reader: number) => reader < 2,
    };
    expect(activeShare(graph, [{ n: 0, author: 0 }])).toBe(2 / 3);
    expect(
      activeShare(
        graph,
        [0, 0, 1].map((author, n) => ({ n, author })),
      ),
    ).toBe(4 / 7);
  });
});
