import { check, type Check } from '../check.js';
import { numbered, payloadsOf, payloadsUntil, publishAll, subscribeAll } from '../moves.js';
import type { Process } from '../subject.js';
import { LISTENING, type Received } from '../ways.js';

/** What a listener is handed, and by whom. */
export const listeningChecks: readonly Check[] = [
  check('hands messages to one of several listeners, or to all', async (trial) => {
    const [one, other] = await trial.openTwo();
    const listeners = await Promise.all(
      [one, other, other].map(async (process) => {
        await process.subscribe('ann', 'news');
        return LISTENING.begin(process, 'ann');
      }),
    );
    const published = numbered('news ', 30);
    await publishAll(one, 'news', published);
    const looks = async (): Promise<unknown[][]> =>
      Promise.all(listeners.map(async (listener) => payloadsOf(await listener.look())));
    if (trial.capabilities.acknowledged) {
      await trial.until(async () => (await looks()).flat().length >= 30, 'all were handed out');
      expect((await looks()).flat().toSorted()).toEqual(published.toSorted());
      expect(await one.take('ann')).toEqual([]);
    } else {
      await trial.until(async () => (await looks()).every((heard) => heard.length >= 30), 'all heard all');
      expect(await looks()).toEqual([published, published, published]);
    }
  }),
  check(
    'hands over what waits first where it is acknowledged, else nothing that was there before',
    async (trial) => {
      const process = await trial.open();
      await process.subscribe('ann', 'news');
      const early = trial.capabilities.acknowledged ? undefined : await LISTENING.begin(process, 'ann');
      await publishAll(process, 'news', ['old 1', 'old 2']);
      if (early !== undefined) await payloadsUntil(trial, early, 'old 2');
      const later = await trial.open();
      await later.subscribe('ann', 'news');
      const listener = await LISTENING.begin(later, 'ann');
      await publishAll(process, 'news', ['new', 'the end']);
      const old = trial.capabilities.acknowledged ? ['old 1', 'old 2'] : [];
      expect(await payloadsUntil(trial, listener, 'the end')).toEqual([...old, 'new', 'the end']);
    },
  ),
  check('hands over one message at a time, however long the handler takes', async (trial) => {
    const process = await trial.open();
    await subscribeAll(process, 'news', ['ann', 'bob']);
    const bob = await LISTENING.begin(process, 'bob');
    const gate = trial.gate();
    const steps: unknown[] = [];
    await process.listen('ann', async ({ payload, id }) => {
      steps.push(`begins ${String(payload)}`);
      if (payload === 'news 1') await gate.opened;
      if (trial.capabilities.acknowledged) await process.acknowledge('ann', id);
      steps.push(`ends ${String(payload)}`);
    });
    const published = numbered('news ', 20);
    await publishAll(process, 'news', published);
    await trial.until(() => steps.length > 0, 'the handler began');
    await payloadsUntil(trial, bob, 'news 20');
    expect(steps).toEqual(['begins news 1']);
    gate.open();
    await trial.until(() => steps.length >= 40, 'the handler has ended with all');
    expect(steps).toEqual(published.flatMap((payload) => [`begins ${payload}`, `ends ${payload}`]));
  }),
  check('tells of a handler that rejects or throws, and goes on', async (trial) => {
    const process = await trial.open();
    await process.subscribe('ann', 'news');
    const handed: Received[] = [];
    const errors: unknown[] = [];
    await process.listen('ann', failingHandler(process, handed), {
      onError: (error) => errors.push(error),
      leaseMs: 50,
    });
    await publishAll(process, 'news', ['fine', 'rejects', 'throws', 'last']);
    await trial.until(() => payloadsOf(handed).includes('last'), 'the last message was handed over');
    expect([...new Set(payloadsOf(handed))]).toEqual(['fine', 'rejects', 'throws', 'last']);
    expect(errors).toContainEqual(new Error('rejects'));
    expect(errors).toContainEqual(new Error('throws'));
    if (!trial.capabilities.acknowledged) {
      await process.publish('news', 'the end');
      await trial.until(() => payloadsOf(handed).includes('the end'), 'the end was handed over');
      expect(handed).toHaveLength(5);
      return;
    }
    for (const payload of ['rejects', 'throws']) {
      const attempts = (): number[] =>
        handed.filter((message) => message.payload === payload).map(({ attempt }) => attempt);
      await trial.until(() => attempts().length >= 2, `${payload} was handed over again`);
      expect(attempts().slice(0, 2)).toEqual([1, 2]);
    }
    expect(handed.filter(({ payload }) => payload === 'fine' || payload === 'last')).toHaveLength(2);
  }),
];

/** Fails at first with some messages, and ends well with the rest. */
function failingHandler(
  process: Process,
  handed: Received[],
): (message: Received) => Promise<void> | undefined {
  return (message) => {
    handed.push(message);
    if (message.attempt === 1 && message.payload === 'throws') throw new Error('throws');
    if (message.attempt === 1 && message.payload === 'rejects') return Promise.reject(new Error('rejects'));
    if (!process.capabilities.acknowledged) return undefined;
    return process.acknowledge('ann', message.id).then(() => undefined);
  };
}
