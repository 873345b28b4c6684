import { check, type Check } from '../check.js';
import { numbered, payloadsOf, publishAll } from '../moves.js';
import { readAll, type Received } from '../ways.js';

const acknowledges: Check['when'] = ({ acknowledged }) => acknowledged;
/** Long enough for timers to be in time on a busy machine. */
const KEPT_MS = 900;

/** What becomes of messages whose holder is slow or gone. */
export const leaseChecks: readonly Check[] = [
  check(
    'gives a message of a process that has died to another after its lease',
    async (trial) => {
      const [dying, other] = await trial.openTwo();
      await dying.subscribe('ann', 'news');
      await publishAll(dying, 'news', ['held', 'held, too', 'free']);
      await dying.take('ann', { limit: 2, leaseMs: 50 });
      const received: Received[] = [];
      await other.listen(
        'ann',
        async (message) => {
          received.push(message);
          await other.acknowledge('ann', message.id);
        },
        { leaseMs: 50 },
      );
      await dying.close();
      await trial.until(() => received.length >= 3, 'everything was handed over');
      const attempts = received.map(({ payload, attempt }) => [payload, attempt]);
      expect(Object.fromEntries(attempts)).toEqual({ held: 2, 'held, too': 2, free: 1 });
      expect(received).toHaveLength(3);
    },
    acknowledges,
  ),
  check(
    'keeps the lease of a handler that works for longer',
    async (trial) => {
      const [one, other] = await trial.openTwo();
      await one.subscribe('ann', 'news');
      const begun = trial.gate();
      const gate = trial.gate();
      await one.listen(
        'ann',
        async ({ id, payload }) => {
          if (payload !== 'long') return;
          begun.open();
          await gate.opened;
          await one.acknowledge('ann', id);
        },
        { leaseMs: KEPT_MS },
      );
      await one.publish('news', 'long');
      await begun.opened;
      const since = performance.now();
      const stolen: Received[] = [];
      await trial.until(async () => {
        stolen.push(...(await other.take('ann', { leaseMs: 10 })));
        return performance.now() - since > 1.5 * KEPT_MS;
      }, 'a lease and a half have passed');
      expect(stolen).toEqual([]);
      gate.open();
      await trial.until(async () => (await readAll(other, 'ann')).length === 0, 'the handler ended');
    },
    acknowledges,
  ),
  check(
    'leaves with their holder what several listeners work on',
    async (trial) => {
      const processes = [await trial.open(), await trial.open(), await trial.open()];
      await processes[0]!.subscribe('ann', 'news');
      await publishAll(processes[0]!, 'news', numbered('news ', 60));
      const handed: Received[] = [];
      for (const process of processes) {
        await process.listen('ann', async (message) => {
          handed.push(message);
          await process.acknowledge('ann', message.id);
        });
      }
      await trial.until(() => handed.length >= 60, 'everything was handed over');
      expect(payloadsOf(handed).toSorted()).toEqual(numbered('news ', 60).toSorted());
      expect(handed.every(({ attempt }) => attempt === 1)).toBe(true);
    },
    acknowledges,
  ),
];
