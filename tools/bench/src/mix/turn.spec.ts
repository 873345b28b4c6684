import { graphOf } from '../fanout/graph.js';
import type { MixCalls, ShownPage, Work } from './calls.js';
import { Model } from './model.js';
import type { Operation } from './operations.js';
import { type Running, takeTurn, type TurnFigures } from './turn.js';

/** Nobody follows anybody. */
const GRAPH = graphOf(2, [Int32Array.of(), Int32Array.of()]);
const OPERATIONS: readonly Operation[] = [
  { kind: 'post', user: 0, n: 1 },
  { kind: 'follow', user: 1, author: 0 },
];

/** A turn of a contestant that then shows user 1 this. */
async function turn(shown: ShownPage): Promise<TurnFigures> {
  const work: Work = { seconds: 0.5, cpuUs: 18, posts: [{ n: 1, author: 0, begun: 0, ended: 0 }] };
  const answers = { run: work, pages: [shown], open: undefined };
  const running = {
    process: { call: async (name: keyof MixCalls) => Promise.resolve(answers[name]) },
    redis: {
      cost: async (done: () => Promise<unknown>) => ({
        value: await done(),
        cpuUs: 12,
        seconds: 3,
        wireBytes: 600,
      }),
    },
    model: new Model(GRAPH, []),
  } as unknown as Running;
  return takeTurn(running, { operations: OPERATIONS, checks: 'pages', atOnce: 1, checked: [1] });
}

describe('a turn of the mix', () => {
  it('has figures for 1,000 operations', async () => {
    expect(await turn({ page: [1], newer: [1] })).toEqual({
      operations: 2,
      perSecond: 4,
      redisCpuMs: 6,
      clientCpuMs: 9,
      wireKb: 300,
    });
  });

  it('has none where a page is wrong', async () => {
    await expect(turn({ page: [], newer: [] })).rejects.toThrow('the page of user 1 is');
  });

  it('has none where a refresh is wrong', async () => {
    await expect(turn({ page: [1], newer: [] })).rejects.toThrow('user 1 is told');
  });
});
