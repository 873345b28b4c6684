import { ClosedError } from '../../../src/index.js';
import { check, type Check } from '../check.js';
import { expectRefused, numbered, payloadsOf, payloadsUntil, publishAll } from '../moves.js';
import type { Process } from '../subject.js';
import type { Trial } from '../trial.js';
import { LISTENING, type Received } from '../ways.js';

/** How listenings and processes end. */
export const stoppingChecks: readonly Check[] = [
  check('ends a listening when its handler has ended, and hands over nothing more', async (trial) => {
    const work = await atWork(trial);
    const closed = work.close().then(() => work.steps.push('closed'));
    work.goOn();
    await closed;
    await work.close();
    await expectNothingMore(trial, work.steps);
  }),
  check('ends a process when its handlers have ended, and hands over nothing more', async (trial) => {
    const work = await atWork(trial);
    const closed = work.process.close().then(() => work.steps.push('closed'));
    work.goOn();
    await closed;
    await work.process.close();
    await expectNothingMore(trial, work.steps);
  }),
  check('lets a handler end its own listening', async (trial) => {
    const [one, other] = await trial.openTwo();
    await one.subscribe('ann', 'news');
    const handed: Received[] = [];
    const closed = trial.gate();
    const listening = one.listen('ann', async (message) => {
      handed.push(message);
      if (one.capabilities.acknowledged) await one.acknowledge('ann', message.id);
      void (await listening).close().then(closed.open);
    });
    await listening;
    await publishAll(other, 'news', ['first', 'second']);
    await closed.opened;
    await other.subscribe('ann', 'news');
    const after = await LISTENING.begin(other, 'ann');
    await other.publish('news', 'the end');
    await payloadsUntil(trial, after, 'the end');
    expect(payloadsOf(handed)).toEqual(['first']);
  }),
  check(
    'lets a handler acknowledge while its process ends',
    async (trial) => {
      const [one, other] = await trial.openTwo();
      await one.subscribe('ann', 'news');
      const begun = trial.gate();
      const gate = trial.gate();
      const errors: unknown[] = [];
      const handler = async ({ id }: Received): Promise<void> => {
        begun.open();
        await gate.opened;
        await one.acknowledge('ann', id);
      };
      await one.listen('ann', handler, { onError: (error) => errors.push(error) });
      await one.publish('news', 'only');
      await begun.opened;
      const closed = one.close();
      gate.open();
      await closed;
      expect(errors).toEqual([]);
      expect(await other.read('ann')).toEqual({ items: [], nextCursor: null });
    },
    ({ acknowledged }) => acknowledged,
  ),
  check(
    'gives back at once what was taken for a listener that ends, and not begun',
    async (trial) => {
      const [one, other] = await trial.openTwo();
      await one.subscribe('ann', 'news');
      await publishAll(one, 'news', numbered('news ', 40));
      const begun = trial.gate();
      const gate = trial.gate();
      let last = 0;
      const listening = await one.listen('ann', async ({ id, payload }) => {
        last++;
        // By then a listener has seen that it can take several at once.
        if (payload === 'news 19') begun.open();
        if (payload === 'news 19') await gate.opened;
        await one.acknowledge('ann', id);
      });
      await begun.opened;
      const closed = listening.close();
      gate.open();
      await closed;
      const rest = await other.take('ann', { limit: 100 });
      expect(payloadsOf(rest)).toEqual(numbered('news ', 40).slice(last));
      // None of them was handed to anybody before.
      expect(rest.every(({ attempt }) => attempt === 1)).toBe(true);
    },
    ({ acknowledged }) => acknowledged,
  ),
  check('does nothing after its end', async (trial) => {
    const [process, other] = await trial.openTwo();
    await other.subscribe('ann', 'news');
    const listener = await LISTENING.begin(other, 'ann');
    await process.close();
    for (const operation of operationsOf(process)) await expectRefused(operation, ClosedError);
    await process.close();
    await other.publish('news', 'the end');
    expect(await payloadsUntil(trial, listener, 'the end')).toEqual(['the end']);
  }),
];

/** A handler of `ann` that is at work, with more to come. */
async function atWork(
  trial: Trial,
): Promise<{ process: Process; steps: string[]; close: () => Promise<void>; goOn: () => void }> {
  const [process, other] = await trial.openTwo();
  await process.subscribe('ann', 'news');
  const gate = trial.gate();
  const steps: string[] = [];
  const handler = async ({ payload }: Received): Promise<void> => {
    steps.push(`begins ${String(payload)}`);
    await gate.opened;
    // An end that does not wait for the handler would come meanwhile.
    for (const round of numbered('round ', 5)) await other.publish('elsewhere', round);
    steps.push(`ends ${String(payload)}`);
  };
  const onError = (error: unknown): unknown => steps.push(`fails with ${String(error)}`);
  const listening = await process.listen('ann', handler, { onError });
  await publishAll(other, 'news', ['first', 'second']);
  await trial.until(() => steps.length > 0, 'the handler began');
  return { process, steps, close: async () => listening.close(), goOn: gate.open };
}

async function expectNothingMore(trial: Trial, steps: readonly string[]): Promise<void> {
  const process = await trial.open();
  await process.subscribe('ann', 'news');
  const listener = await LISTENING.begin(process, 'ann');
  await publishAll(process, 'news', ['third', 'the end']);
  await payloadsUntil(trial, listener, 'the end');
  expect(steps).toEqual(['begins first', 'ends first', 'closed']);
}

/** Every operation that the strategy can do. */
function operationsOf(process: Process): (() => Promise<unknown>)[] {
  const { keptForAbsent, acknowledged, replayable, backlogVisible } = process.capabilities;
  return [
    () => process.publish('news', 'late'),
    () => process.subscribe('bob', 'news'),
    () => process.unsubscribe('ann', 'news'),
    () => process.listen('ann', () => undefined),
    ...(keptForAbsent ? [() => process.read('ann')] : []),
    ...(acknowledged ? [() => process.take('ann'), () => process.acknowledge('ann', 'any')] : []),
    ...(acknowledged && replayable ? [() => process.replay('ann', 'news', 'beginning')] : []),
    ...(backlogVisible ? [() => process.backlog('ann')] : []),
  ];
}
