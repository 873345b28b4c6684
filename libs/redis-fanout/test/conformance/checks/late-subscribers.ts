import { type StartingPoint, UnsupportedOperationError } from '../../../src/index.js';
import { check, type Check, inEveryWay } from '../check.js';
import { expectRefused, messagesUntil, payloadsOf, payloadsUntil, publishAll } from '../moves.js';
import type { Trial } from '../trial.js';
import { readAll, READING, TAKING, type Way } from '../ways.js';

/** With what a new subscription begins. */
export const lateSubscriberChecks: readonly Check[] = [
  ...inEveryWay('begins a subscription where it says', async (trial, way) => {
    const [one, other] = await trial.openTwo();
    await publishAll(one, 'news', ['old 1', 'old 2']);
    const receiver = await way.begin(other, 'ann');
    await other.subscribe('ann', 'news');
    await publishAll(one, 'news', ['new', 'the end']);
    const allHistory = trial.capabilities.lateSubscribers === 'all-history';
    const old = allHistory && way === READING ? ['old 1', 'old 2'] : [];
    expect(await payloadsUntil(trial, receiver, 'the end')).toEqual([...old, 'new', 'the end']);
  }),

  check(
    'has all of a source with its subscription, and nothing without',
    async (trial) => {
      const process = await trial.open();
      await process.subscribe('ann', 'sport');
      await publishAll(process, 'news', ['old 1', 'old 2']);
      await publishAll(process, 'sport', ['goal 1']);
      const reader = await READING.begin(process, 'ann');
      expect(await payloadsUntil(trial, reader, 'goal 1')).toEqual(['goal 1']);
      await process.subscribe('ann', 'news');
      await publishAll(process, 'news', ['new']);
      const payloads = await payloadsUntil(trial, reader, 'goal 1', 'new');
      expect(payloads.toSorted()).toEqual(['goal 1', 'new', 'old 1', 'old 2']);
      await process.unsubscribe('ann', 'news');
      expect(payloadsOf(await reader.look())).toEqual(['goal 1']);
      await process.publish('sport', 'goal 2');
      expect(await payloadsUntil(trial, reader, 'goal 2')).toEqual(['goal 1', 'goal 2']);
      await process.subscribe('ann', 'news');
      expect(await payloadsUntil(trial, reader, 'new')).toHaveLength(5);
      for (const source of ['news', 'sport']) await process.unsubscribe('ann', source);
      expect(payloadsOf(await reader.look())).toEqual([]);
    },
    ({ lateSubscribers }) => lateSubscribers === 'all-history',
  ),

  check(
    'lets go with a subscription what can be had again from any point',
    async (trial) => {
      const process = await trial.open();
      await process.subscribe('ann', 'news');
      await process.subscribe('ann', 'sport');
      await publishAll(process, 'sport', ['goal']);
      await publishAll(process, 'news', ['acknowledged', 'taken', 'waiting']);
      const [first] = (await readAll(process, 'ann')).filter(({ source }) => source === 'news');
      await process.acknowledge('ann', first!.id);
      await process.take('ann', { limit: 2 });
      await process.unsubscribe('ann', 'news');
      expect(payloadsOf(await readAll(process, 'ann'))).toEqual(['goal']);
      await process.subscribe('ann', 'news');
      expect(payloadsOf(await readAll(process, 'ann'))).toEqual(['goal']);
      await process.unsubscribe('ann', 'news');
      await process.subscribe('ann', 'news', { from: 'beginning' });
      const wanted = ['acknowledged', 'taken', 'waiting'];
      const messages = (await readAll(process, 'ann')).filter(({ source }) => source === 'news');
      expect(payloadsOf(messages)).toEqual(wanted);
      expect(payloadsOf(await process.take('ann', { limit: 3 }))).toEqual(wanted);
    },
    ({ acknowledged, lateSubscribers }) => acknowledged && lateSubscribers === 'any-point',
  ),

  ...inEveryWay('begins anywhere, or says that it does not', anyPoint),

  ...inEveryWay(
    'keeps what there was when a subscription ends, and misses what is published until it begins anew',
    async (trial, way) => {
      const process = await trial.open();
      await process.subscribe('ann', 'news');
      await publishAll(process, 'news', ['kept 1', 'kept 2']);
      await process.unsubscribe('ann', 'news');
      await process.publish('news', 'missed');
      await process.subscribe('ann', 'news');
      const receiver = await way.begin(process, 'ann');
      await process.publish('news', 'the end');
      expect(await payloadsUntil(trial, receiver, 'the end')).toEqual(['kept 1', 'kept 2', 'the end']);
    },
    ({ acknowledged, lateSubscribers }) => acknowledged && lateSubscribers === 'from-now',
  ),

  check(
    'hands out what was kept also when there is no subscription any more',
    async (trial) => {
      const process = await trial.open();
      await process.subscribe('ann', 'news');
      await publishAll(process, 'news', ['kept 1', 'kept 2']);
      await process.take('ann', { limit: 1, leaseMs: 10 });
      await process.unsubscribe('ann', 'news');
      expect(payloadsOf(await READING.begin(process, 'ann').then(async (it) => it.look()))).toEqual([
        'kept 1',
        'kept 2',
      ]);
      const taker = await TAKING.begin(process, 'ann');
      const messages = await messagesUntil(trial, taker, 'kept 1', 'kept 2');
      expect(payloadsOf(messages).toSorted()).toEqual(['kept 1', 'kept 2']);
    },
    ({ acknowledged, lateSubscribers }) => acknowledged && lateSubscribers === 'from-now',
  ),
];

/** Subscribes from every kind of point, each time a recipient of its own. */
async function anyPoint(trial: Trial, way: Way): Promise<void> {
  const process = await trial.open();
  const old = ['old 1', 'old 2', 'old 3'];
  const ids = await publishAll(process, 'news', old);
  const points: [string, StartingPoint, string[]][] = [
    ['ann', 'beginning', old],
    ['bob', 'now', []],
    ['cid', { after: ids[0]! }, ['old 2', 'old 3']],
    ['dan', { after: ids[2]! }, []],
  ];
  for (const [recipient, from] of points) {
    if (trial.capabilities.lateSubscribers === 'any-point')
      await process.subscribe(recipient, 'news', { from });
    else {
      const subscribe = (): Promise<unknown> => process.subscribe(recipient, 'news', { from });
      await expectRefused(subscribe, UnsupportedOperationError, { operation: 'from' });
    }
  }
  if (trial.capabilities.lateSubscribers !== 'any-point') return;
  const receivers = await Promise.all(points.map(async ([recipient]) => way.begin(process, recipient)));
  await process.publish('news', 'the end');
  for (const [i, [, , wanted]] of points.entries()) {
    expect(await payloadsUntil(trial, receivers[i]!, 'the end')).toEqual([...wanted, 'the end']);
  }
}
