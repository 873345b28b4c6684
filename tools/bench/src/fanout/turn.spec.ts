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
async function turn(newest: readonly number[]): Promise<TurnFigures> {
  const answers = {
    accept: POSTS,
    deliver: { seconds: 2, cpuUs: 18 },
    newest: Array.from({ length: 10 }, () => newest),
  };
  const process = {
    call: async (name: keyof typeof answers) => Promise.resolve(answers[name]),
  } as unknown as Child<ContestantCalls>;
  const stage = { graph: GRAPH, redis, checked: 10, random: seededRandom(1) };
  return takeTurn({ process, model: new Model(GRAPH) }, POSTS, stage);
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
});
