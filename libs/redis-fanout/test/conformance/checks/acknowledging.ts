import { InvalidOptionError, type TakeRequest, UnsupportedOperationError } from '../../../src/index.js';
import { check, type Check } from '../check.js';
import { expectRefused, idsOf, numbered, payloadsOf, publishAll } from '../moves.js';
import type { Process } from '../subject.js';
import type { Trial } from '../trial.js';
import { readAll, type Received, takeAll } from '../ways.js';

const acknowledges: Check['when'] = ({ acknowledged }) => acknowledged;
/** Over almost at once. */
const SHORT_MS = 10;

/** Taking, leases and acknowledging. */
export const acknowledgingChecks: readonly Check[] = [
  check(
    'hands out again what is not acknowledged within its lease, or says that nothing is acknowledged',
    async (trial) => {
      const process = await withMessages(trial, ['only']);
      if (!trial.capabilities.acknowledged) {
        await expectRefused(() => process.take('ann'), UnsupportedOperationError, { operation: 'take' });
        await expectRefused(() => process.acknowledge('ann', 'any'), UnsupportedOperationError, {
          operation: 'acknowledge',
        });
        return;
      }
      for (const attempt of [1, 2, 3]) {
        const [message] = await takeSome(trial, process, { leaseMs: SHORT_MS });
        expect(message).toMatchObject({ payload: 'only', source: 'news', attempt });
      }
    },
  ),
  check(
    'hands out nothing that is acknowledged',
    async (trial) => {
      const process = await withMessages(trial, numbered('news ', 12));
      const taken = await process.take('ann', { limit: 12, leaseMs: SHORT_MS });
      const ids = idsOf(taken);
      expect(await process.acknowledge('ann', ids[0]!)).toBe(1);
      expect(await process.acknowledge('ann', ids.slice(1, 4))).toBe(3);
      expect(await process.acknowledge('ann', ids.slice(4, 11).toReversed())).toBe(7);
      // The last one had its lease as long as the others, so whatever is handed out again is there with it.
      const again = await takeSome(trial, process, { limit: 12 });
      expect(payloadsOf(again)).toEqual(['news 12']);
      expect(idsOf(await readAll(process, 'ann'))).toEqual([ids[11]]);
    },
    acknowledges,
  ),
  check(
    'acknowledges also what was only read, or whose lease is over',
    async (trial) => {
      const process = await withMessages(trial, numbered('news ', 3));
      const ids = idsOf(await readAll(process, 'ann'));
      expect(await process.acknowledge('ann', [ids[0]!, ids[2]!])).toBe(2);
      const [first] = await process.take('ann', { leaseMs: SHORT_MS });
      const [second] = await takeSome(trial, process, { leaseMs: SHORT_MS });
      expect([first?.id, second?.id]).toEqual([ids[1], ids[1]]);
      expect(await process.acknowledge('ann', ids[1]!)).toBe(1);
      await process.publish('news', 'the end');
      expect(payloadsOf(await readAll(process, 'ann'))).toEqual(['the end']);
      expect(payloadsOf(await takeAll(process, 'ann'))).toEqual(['the end']);
    },
    acknowledges,
  ),
  check(
    'counts what an acknowledgement did, and minds no id that it does not know',
    async (trial) => {
      const process = await withMessages(trial, numbered('news ', 3));
      const [first, second] = idsOf(await process.take('ann', { limit: 2 }));
      expect(await process.acknowledge('ann', [])).toBe(0);
      expect(
        await process.acknowledge('ann', ['unknown', '0', '0-0', '0-0/news', `${first!}0`, `0${first!}`]),
      ).toBe(0);
      expect(await process.acknowledge('bob', first!)).toBe(0);
      expect(await process.acknowledge('ann', [first!, first!])).toBe(1);
      expect(await process.acknowledge('ann', [first!, second!])).toBe(1);
      expect(await process.acknowledge('ann', [first!, second!])).toBe(0);
      expect(payloadsOf(await takeAll(process, 'ann'))).toEqual(['news 3']);
    },
    acknowledges,
  ),
  check(
    'hands out the oldest first, as many as wanted, and nothing that somebody holds',
    async (trial) => {
      const one = await withMessages(trial, numbered('news ', 15));
      const other = await trial.open();
      expect(payloadsOf(await one.take('ann', { limit: 2 }))).toEqual(['news 1', 'news 2']);
      expect(payloadsOf(await other.take('ann', { limit: 1 }))).toEqual(['news 3']);
      expect(payloadsOf(await one.take('ann'))).toEqual(numbered('news ', 13).slice(3));
      expect(payloadsOf(await other.take('ann', { limit: 1000 }))).toEqual(['news 14', 'news 15']);
      expect(await one.take('ann')).toEqual([]);
      expect(await one.take('a-stranger')).toEqual([]);
      expect(await readAll(one, 'ann')).toHaveLength(15);
    },
    acknowledges,
  ),
  check(
    'hands out what comes back before what is newer',
    async (trial) => {
      const process = await withMessages(trial, ['first', 'second']);
      await process.take('ann', { limit: 2, leaseMs: SHORT_MS });
      await process.publish('news', 'third');
      await trial.until(async () => (await process.backlog('ann')).waiting === 3, 'the leases are over');
      const taken = await process.take('ann');
      expect(taken.map(({ payload, attempt }) => [payload, attempt])).toEqual([
        ['first', 2],
        ['second', 2],
        ['third', 1],
      ]);
    },
    ({ acknowledged, backlogVisible }) => acknowledged && backlogVisible,
  ),
  check(
    'hands out the oldest of those that come back first, whichever lease was over first',
    async (trial) => {
      const published = numbered('news ', 8);
      const process = await withMessages(trial, published);
      for (const leaseMs of [40, 30, 20]) await process.take('ann', { limit: 1, leaseMs });
      await process.take('ann', { limit: 5, leaseMs: SHORT_MS });
      await trial.until(async () => (await process.backlog('ann')).waiting === 8, 'the leases are over');
      const taken: unknown[] = [];
      for (let i = 0; i < 8; i++) taken.push(...payloadsOf(await process.take('ann', { limit: 1 })));
      expect(taken).toEqual(published);
    },
    ({ acknowledged, backlogVisible }) => acknowledged && backlogVisible,
  ),
  check(
    'shares messages among those who take at once',
    async (trial) => {
      const one = await withMessages(trial, numbered('news ', 40));
      const other = await trial.open();
      const taken = await Promise.all(
        Array.from({ length: 8 }, async (_, i) => (i % 2 === 0 ? one : other).take('ann', { limit: 7 })),
      );
      expect(new Set(taken.flatMap(idsOf)).size).toBe(40);
      expect(taken.flat()).toHaveLength(40);
    },
    acknowledges,
  ),
  check(
    'refuses limits, leases and ids that are none',
    async (trial) => {
      const process = await withMessages(trial, ['only']);
      for (const limit of [0, -1, 1001, 1.5, NaN]) {
        await expectRefused(() => process.take('ann', { limit }), InvalidOptionError, { option: 'limit' });
      }
      for (const ids of ['', '☂', ['fine', 'a\nb'], numbered('', 1001)]) {
        await expectRefused(() => process.acknowledge('ann', ids), InvalidOptionError, { option: 'ids' });
      }
      for (const leaseMs of [0, 9, 10.5, 86_400_001, Infinity]) {
        const facts = { option: 'leaseMs' };
        await expectRefused(() => process.take('ann', { leaseMs }), InvalidOptionError, facts);
        const listen = (): Promise<unknown> => process.listen('ann', () => undefined, { leaseMs });
        await expectRefused(listen, InvalidOptionError, facts);
      }
      expect(payloadsOf(await takeAll(process, 'ann'))).toEqual(['only']);
    },
    acknowledges,
  ),
];

/** A process in a place where these messages of `news` wait for `ann`. */
async function withMessages(trial: Trial, payloads: readonly string[]): Promise<Process> {
  const process = await trial.open();
  await process.subscribe('ann', 'news');
  await publishAll(process, 'news', payloads);
  return process;
}

/** Takes as soon as there is something to take. */
async function takeSome(trial: Trial, process: Process, request: TakeRequest): Promise<readonly Received[]> {
  let taken: readonly Received[] = [];
  await trial.until(async () => {
    taken = await process.take('ann', request);
    return taken.length > 0;
  }, 'there was something to take');
  return taken;
}
