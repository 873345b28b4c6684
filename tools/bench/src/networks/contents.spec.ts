import { graphOf } from '../fanout/graph.js';
import { contentsOf } from './contents.js';

describe('the contents of a recording', () => {
  it('are of all users, and of the events that are measured', () => {
    const graph = graphOf(4, [Int32Array.of(1, 2, 3), Int32Array.of(2), new Int32Array(), new Int32Array()]);
    const posts = [0, 2, 1, 0].map((author, n) => ({ n, author }));
    expect(contentsOf(graph, posts, 3)).toEqual({
      readers: 4,
      follows: 4,
      mostFollowers: 3,
      mostInPartition: expect.any(Number) as unknown,
      events: 4,
      measured: { events: 3, withFollowers: 2, deliveries: 4 },
    });
  });

  it('know the most followers of a partition, of all of which there are eight', () => {
    const everybody = Int32Array.from({ length: 800 }, (_, reader) => reader);
    const { mostInPartition } = contentsOf(graphOf(800, [everybody]), [], 0);
    expect(mostInPartition).toBeGreaterThanOrEqual(100);
    expect(mostInPartition).toBeLessThan(200);
  });
});
