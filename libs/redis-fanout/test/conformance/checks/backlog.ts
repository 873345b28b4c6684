import { type Backlog, UnsupportedOperationError } from '../../../src/index.js';
import { check, type Check } from '../check.js';
import { expectRefused, idsOf, numbered, publishAll } from '../moves.js';
import { takeAll } from '../ways.js';

const NOTHING: Backlog = { waiting: 0, taken: 0, dropped: 0, bySource: new Map(), oldestMs: 0 };

/** How much waits. */
export const backlogChecks: readonly Check[] = [
  check('tells how much waits for a recipient, or says that it does not', async (trial) => {
    const [one, other] = await trial.openTwo();
    await one.subscribe('ann', 'news');
    await one.subscribe('ann', 'sport');
    if (!trial.capabilities.backlogVisible) {
      await expectRefused(() => one.backlog('ann'), UnsupportedOperationError, { operation: 'backlog' });
      return;
    }
    expect(await one.backlog('ann')).toEqual(NOTHING);
    await publishAll(one, 'news', numbered('news ', 3));
    await publishAll(one, 'sport', ['goal', 'another goal']);
    const bySource = new Map([
      ['news', 3],
      ['sport', 2],
    ]);
    expect(await other.backlog('ann')).toMatchObject({ waiting: 5, taken: 0, dropped: 0, bySource });
    expect(await other.backlog('a-stranger')).toEqual(NOTHING);
    await trial.until(async () => (await other.backlog('ann')).oldestMs > 1, 'time has passed');
  }),
  check(
    'counts what is taken apart, and what is acknowledged not at all',
    async (trial) => {
      const process = await trial.open();
      await process.subscribe('ann', 'news');
      await publishAll(process, 'news', numbered('news ', 5));
      const taken = idsOf(await process.take('ann', { limit: 2 }));
      const news = (count: number): ReadonlyMap<string, number> => new Map([['news', count]]);
      expect(await process.backlog('ann')).toMatchObject({ waiting: 3, taken: 2, bySource: news(5) });
      await process.acknowledge('ann', taken[0]!);
      expect(await process.backlog('ann')).toMatchObject({ waiting: 3, taken: 1, bySource: news(4) });
      await process.take('ann', { limit: 3, leaseMs: 10 });
      await trial.until(async () => (await process.backlog('ann')).waiting === 3, 'the leases are over');
      expect(await process.backlog('ann')).toMatchObject({ waiting: 3, taken: 1, bySource: news(4) });
      await trial.until(async () => (await process.backlog('ann')).oldestMs > 1, 'time has passed');
      await process.acknowledge('ann', taken[1]!);
      await takeAll(process, 'ann');
      expect(await process.backlog('ann')).toEqual(NOTHING);
    },
    ({ backlogVisible, acknowledged }) => backlogVisible && acknowledged,
  ),
];
