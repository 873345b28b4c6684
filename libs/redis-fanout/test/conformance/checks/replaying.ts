import { NotSubscribedError, type StartingPoint, UnsupportedOperationError } from '../../../src/index.js';
import { check, type Check } from '../check.js';
import { expectRefused, numbered, payloadsOf, payloadsUntil, publishAll } from '../moves.js';
import type { Process } from '../subject.js';
import { LISTENING, READING, readAll, takeAll } from '../ways.js';

const replays: Check['when'] = ({ acknowledged, replayable }) => acknowledged && replayable;

/** What recipients can have again. */
export const replayingChecks: readonly Check[] = [
  check('gives again what a recipient had, or says that it does not', async (trial) => {
    const process = await trial.open();
    await process.subscribe('ann', 'news');
    const ids = await publishAll(process, 'news', ['first', 'last']);
    const { acknowledged, keptForAbsent, replayable } = trial.capabilities;
    if (acknowledged && replayable) {
      expect(payloadsOf(await takeAll(process, 'ann'))).toEqual(['first', 'last']);
      await process.replay('ann', 'news', 'beginning');
      expect(payloadsOf(await readAll(process, 'ann'))).toEqual(['first', 'last']);
      expect(payloadsOf(await takeAll(process, 'ann'))).toEqual(['first', 'last']);
      return;
    }
    const replay = (): Promise<unknown> => process.replay('ann', 'news', { after: ids[0]! });
    await expectRefused(replay, UnsupportedOperationError, { operation: 'replay' });
    expect(await canReadAgain()).toBe(replayable);

    async function canReadAgain(): Promise<boolean> {
      if (!keptForAbsent) return process.read('ann').then(Boolean, () => false);
      const reader = await READING.begin(process, 'ann');
      await payloadsUntil(trial, reader, 'last');
      if (acknowledged) await takeAll(process, 'ann');
      return (await readAll(process, 'ann')).length === 2;
    }
  }),
  check(
    'replays from the beginning, or after any message, what is handed out in order',
    async (trial) => {
      const [one, other] = await trial.openTwo();
      await one.subscribe('ann', 'news');
      await one.subscribe('ann', 'sport');
      const published = numbered('news ', 10);
      const ids = await publishAll(one, 'news', published);
      await publishAll(one, 'sport', ['goal']);
      await takeAll(one, 'ann');
      for (const [from, first] of startingPoints(ids)) {
        await other.replay('ann', 'news', from);
        const wanted = published.slice(first);
        expect(payloadsOf(await readAll(one, 'ann'))).toEqual(wanted);
        expect(payloadsOf(await takeAll(one, 'ann'))).toEqual(wanted);
      }
      await one.publish('news', 'the end');
      expect(payloadsOf(await takeAll(one, 'ann'))).toEqual(['the end']);
    },
    replays,
  ),
  check(
    'replays to listeners, and to nobody else',
    async (trial) => {
      const [one, other] = await trial.openTwo();
      for (const recipient of ['ann', 'bob']) await one.subscribe(recipient, 'news');
      const ann = await LISTENING.begin(one, 'ann');
      const bob = await LISTENING.begin(other, 'bob');
      await publishAll(one, 'news', ['first', 'last']);
      for (const listener of [ann, bob]) await payloadsUntil(trial, listener, 'last');
      await trial.until(async () => (await readAll(one, 'ann')).length === 0, 'all was acknowledged');
      await other.replay('ann', 'news', 'beginning');
      await trial.until(async () => (await ann.look()).length >= 4, 'ann has both again');
      await other.publish('news', 'the end');
      expect(await payloadsUntil(trial, ann, 'the end')).toEqual([
        'first',
        'last',
        'first',
        'last',
        'the end',
      ]);
      expect(await payloadsUntil(trial, bob, 'the end')).toEqual(['first', 'last', 'the end']);
    },
    replays,
  ),
  check(
    'replays to subscribers only',
    async (trial) => {
      const process = await trial.open();
      await process.subscribe('ann', 'news');
      await publishAll(process, 'news', ['first']);
      const strangers: [string, string][] = [
        ['bob', 'news'],
        ['ann', 'sport'],
      ];
      for (const [recipient, source] of strangers) await expectNotSubscribed(process, recipient, source);
      await process.unsubscribe('ann', 'news');
      await expectNotSubscribed(process, 'ann', 'news');
    },
    replays,
  ),
];

async function expectNotSubscribed(process: Process, recipient: string, source: string): Promise<void> {
  const replay = (): Promise<unknown> => process.replay(recipient, source, 'beginning');
  await expectRefused(replay, NotSubscribedError, { recipient, source });
}

/** Points to go back to, each with the number of messages that lie before it. */
function startingPoints(ids: readonly string[]): [StartingPoint, number][] {
  return [
    ['beginning', 0],
    [{ after: ids[0]! }, 1],
    [{ after: ids[6]! }, 7],
    [{ after: ids[9]! }, 10],
    ['now', 10],
    ['beginning', 0],
  ];
}
