import type { Child } from '../shared/child.js';
import type { MeasuredRedis } from '../shared/measured-redis.js';
import { seededRandom } from '../shared/random.js';
import type { ContestantCalls } from './calls.js';
import { graphOf } from './graph.js';
import { Model } from './posts.js';
import { takeTurn, type TurnFigures } from './turn.js';

/** One author, whom two readers follow. */
const GRAPH = graphOf(2, [Int32Array.of(0, 1)]);
const POSTS = [0, 1, 2].map((n) => ({ n, author: 0 }));

const redis = {
  cost: async (work: () => Promise<unknown>) => ({
    value: await work(),
    cpuUs: 12,
    seconds: 3,
    wireBytes: 600,
  }),
} as unknown as MeasuredRedis;

/** A turn of a contestant whose timelines then hold these. */
async function turn(
  newest: readonly number[],
  { mixesNeighbours = false, graph = GRAPH, posts = POSTS } = {},
): Promise<TurnFigures> {
  const answers = {
    accept: posts,
    deliver: { seconds: 2, cpuUs: 18 },
    newest: Array.from({ length: 10 }, () => newest),
  };
  const process = {
    call: async (name: keyof typeof answers) => Promise.resolve(answers[name]),
  } as unknown as Child<ContestantCalls>;
  const running = { process, redis, graph, model: new Model(graph), mixesNeighbours };
  return takeTurn(running, posts, { checked: 10, random: seededRandom(1) });
}

describe('a turn', () => {
  it('has figures for each delivery', async () => {
    expect(await turn([2, 1, 0])).toEqual({
      deliveries: 6,
      perSecond: 3,
      redisCpuUs: 2,
      clientCpuUs: 3,
      wireBytes: 100,
    });
  });

  it('does not look below the posts', async () => {
    await expect(turn([2, 1, 0, -1])).resolves.toBeDefined();
  });

  it.each([
    ['lost a post', [2, 0]],
    ['has one twice', [2, 2, 1, 0]],
    ['has another order', [1, 2, 0]],
    ['has a stranger', [3, 2, 1, 0]],
  ])('has none where a timeline %s', async (_, newest) => {
    await expect(turn(newest)).rejects.toThrow(/^the timeline of reader \d is/);
  });

  describe('of one that has several posts at once', () => {
    it('has figures where neighbours have another order', async () => {
      await expect(turn([1, 2, 0], { mixesNeighbours: true })).resolves.toBeDefined();
    });

    it.each([
      ['lost a post', [2, 0]],
      ['has one twice', [2, 2, 0]],
      ['has a stranger', [3, 2, 1]],
    ])('has none where a timeline %s', async (_, newest) => {
      await expect(turn(newest, { mixesNeighbours: true })).rejects.toThrow(/^the timeline of reader \d is/);
    });

    it('has none where posts are far from their places', async () => {
      const posts = Array.from({ length: 20 }, (_, n) => ({ n, author: 0 }));
      const due = posts.map(({ n }) => n).reverse();
      const moved = [...due.slice(11), ...due.slice(0, 11)];
      await expect(turn(due, { mixesNeighbours: true, posts })).resolves.toBeDefined();
      await expect(turn(moved, { mixesNeighbours: true, posts })).rejects.toThrow(/^the timeline/);
    });
  });

  it('looks at active readers, of whom there must be one', async () => {
    const graph = { ...GRAPH, isActive: () => false };
    await expect(turn([2, 1, 0], { graph })).rejects.toThrow('no reader is active');
  });
});
