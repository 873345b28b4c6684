import {
  AudienceTooLargeError,
  InvalidNameError,
  InvalidPayloadError,
  PayloadTooLargeError,
} from '../../../src/index.js';
import { check, type Check, inEveryWay } from '../check.js';
import { expectRefused, messagesUntil, numbered, payloadsUntil, subscribeAll } from '../moves.js';
import type { Process } from '../subject.js';
import type { Trial } from '../trial.js';
import { LISTENING } from '../ways.js';

const BAD_NAMES = ['', ' ', 'a b', 'ä', 'a\n', '{a}', 'a*', 'a\0', "a'", 'x'.repeat(129)];
const DEFAULT_MAX_BYTES = 65_536;

/** What is refused. */
export const limitChecks: readonly Check[] = [
  check('declares what it is said to do', async (trial) => {
    const process = await trial.open();
    expect(process.capabilities).toEqual(trial.capabilities);
  }),
  check('serves an audience as large as it says', audience),
  check('refuses names that are none', async (trial) => {
    const process = await trial.open();
    for (const name of BAD_NAMES) {
      for (const operation of operationsOn(process, name)) await expectRefused(operation, InvalidNameError);
    }
  }),
  ...inEveryWay('takes names that are just allowed', async (trial, way) => {
    const process = await trial.open();
    const { extremeName } = trial;
    await process.subscribe(extremeName, 'news');
    await process.subscribe('ann', extremeName);
    const receivers = await Promise.all(
      [extremeName, 'ann'].map(async (recipient) => way.begin(process, recipient)),
    );
    await process.publish('news', 'of news');
    await process.publish(extremeName, 'of the extreme');
    expect(await messagesUntil(trial, receivers[0]!, 'of news')).toContainEqual(
      expect.objectContaining({ source: 'news', payload: 'of news' }),
    );
    expect(await messagesUntil(trial, receivers[1]!, 'of the extreme')).toEqual([
      expect.objectContaining({ source: extremeName, payload: 'of the extreme' }),
    ]);
  }),
  check('refuses payloads that are too large, and takes the largest', async (trial) => {
    const process = await trial.open();
    await process.subscribe('ann', 'news');
    const listener = await LISTENING.begin(process, 'ann');
    const largest = 'x'.repeat(DEFAULT_MAX_BYTES - 2);
    await process.publish('news', largest);
    const tooLarge = [`${largest}x`, { text: largest }, `${'語'.repeat(DEFAULT_MAX_BYTES / 3)}x`];
    for (const payload of tooLarge) {
      const bytes = Buffer.byteLength(JSON.stringify(payload));
      const facts = { bytes, maxBytes: DEFAULT_MAX_BYTES };
      await expectRefused(() => process.publish('news', payload), PayloadTooLargeError, facts);
    }
    await process.publish('news', 'the end');
    expect(await payloadsUntil(trial, listener, 'the end')).toEqual([largest, 'the end']);
  }),
  check('refuses payloads that are no JSON', async (trial) => {
    const process = await trial.open();
    await process.subscribe('ann', 'news');
    const listener = await LISTENING.begin(process, 'ann');
    const circular: { self?: unknown } = {};
    circular.self = circular;
    for (const payload of [undefined, () => 1, Symbol('none'), 1n, { big: 1n }, circular]) {
      await expectRefused(() => process.publish('news', payload), InvalidPayloadError);
    }
    await process.publish('news', 'the end');
    expect(await payloadsUntil(trial, listener, 'the end')).toEqual(['the end']);
  }),
];

/** Where there is a limit three recipients are allowed; else a few more are no trouble. */
async function audience(trial: Trial): Promise<void> {
  const process = await trial.open({ largestAudience: 3 });
  const { largestAudience } = process.capabilities;
  if (trial.capabilities.largestAudience === Infinity) {
    expect(largestAudience).toBe(Infinity);
    await subscribeAll(process, 'news', numbered('reader-', 8));
    return;
  }
  expect(largestAudience).toBe(3);
  await subscribeAll(process, 'news', ['ann', 'bob', 'cid']);
  const facts = { source: 'news', largestAudience: 3 };
  await expectRefused(() => process.subscribe('dan', 'news'), AudienceTooLargeError, facts);
  await process.subscribe('ann', 'news');
  await process.subscribe('dan', 'sport');
  const dan = await LISTENING.begin(process, 'dan');
  await process.publish('news', 'refused');
  await process.unsubscribe('bob', 'news');
  await process.subscribe('dan', 'news');
  await expectRefused(() => process.subscribe('bob', 'news'), AudienceTooLargeError, facts);
  await process.publish('news', 'the end');
  expect(await payloadsUntil(trial, dan, 'the end')).toEqual(['the end']);
}

/** Every operation that the strategy can do, with a name in each place that takes one. */
function operationsOn(process: Process, name: string): (() => Promise<unknown>)[] {
  const { keptForAbsent, acknowledged, replayable, backlogVisible } = process.capabilities;
  return [
    () => process.publish(name, 'refused'),
    () => process.subscribe(name, 'news'),
    () => process.subscribe('ann', name),
    () => process.unsubscribe(name, 'news'),
    () => process.unsubscribe('ann', name),
    () => process.listen(name, () => undefined),
    ...(keptForAbsent ? [() => process.read(name)] : []),
    ...(acknowledged ? [() => process.take(name), () => process.acknowledge(name, 'any')] : []),
    ...(acknowledged && replayable
      ? [() => process.replay(name, 'news', 'now'), () => process.replay('ann', name, 'now')]
      : []),
    ...(backlogVisible ? [() => process.backlog(name)] : []),
  ];
}
