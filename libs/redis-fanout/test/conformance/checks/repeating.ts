import { InvalidOptionError, UnsupportedOperationError } from '../../../src/index.js';
import { check, type Check, inEveryWay } from '../check.js';
import { expectRefused, numbered, payloadsUntil, receiversIn, subscribeAll } from '../moves.js';
import type { Trial } from '../trial.js';
import type { Way } from '../ways.js';

const exactlyOnce: NonNullable<Check['when']> = (capabilities) => capabilities.exactlyOnce;

/** What is published again under its idempotency key. */
export const repeatingChecks: readonly Check[] = [
  ...inEveryWay('publishes once what is repeated under one key, or refuses keys', async (trial, way) => {
    const [one, other] = await trial.openTwo();
    const receivers = await receiversIn([one, other], way);
    const options = { idempotencyKey: 'the key' };
    if (trial.capabilities.exactlyOnce) {
      const first = await one.publish('news', 'only', options);
      expect(first.repeated).toBe(false);
      for (const process of [one, other, one]) {
        const again = await process.publish('news', 'only', options);
        expect(again).toEqual({ id: first.id, repeated: true, receivers: null });
      }
    } else {
      const facts = { operation: 'idempotencyKey' };
      await expectRefused(() => one.publish('news', 'refused', options), UnsupportedOperationError, facts);
      expect((await one.publish('news', 'only')).repeated).toBe(false);
    }
    await one.publish('news', 'the end');
    for (const receiver of receivers) {
      expect(await payloadsUntil(trial, receiver, 'the end')).toEqual(['only', 'the end']);
    }
  }),

  ...inEveryWay('publishes once what is published many times at once under one key', atOnce, exactlyOnce),

  ...inEveryWay(
    'tells keys and sources apart',
    async (trial, way) => {
      const process = await trial.open();
      await process.subscribe('ann', 'news');
      await process.subscribe('ann', 'sport');
      const receiver = await way.begin(process, 'ann');
      const keys = ['a', 'b', 'a b', ':', '{}', '~'.repeat(255)];
      for (const idempotencyKey of keys) {
        for (const source of ['news', 'sport']) {
          const { repeated } = await process.publish(source, `${source} ${idempotencyKey}`, {
            idempotencyKey,
          });
          expect(repeated).toBe(false);
        }
      }
      await process.publish('news', 'end of news');
      await process.publish('sport', 'end of sport');
      const payloads = await payloadsUntil(trial, receiver, 'end of news', 'end of sport');
      const sent = ['news', 'sport'].flatMap((source) => [
        ...keys.map((key) => `${source} ${key}`),
        `end of ${source}`,
      ]);
      expect(payloads.toSorted()).toEqual(sent.toSorted());
    },
    exactlyOnce,
  ),

  ...inEveryWay(
    'does not reach by repeating who was not subscribed at first',
    async (trial, way) => {
      const process = await trial.open();
      const options = { idempotencyKey: 'the key' };
      await process.subscribe('bob', 'news');
      await process.publish('news', 'early', options);
      await process.publish('sport', 'early', options);
      await subscribeAll(process, 'news', ['ann', 'cid', 'dan']);
      await subscribeAll(process, 'sport', ['ann', 'cid', 'dan']);
      for (const recipient of ['ann', 'cid', 'dan']) {
        const receiver = await way.begin(process, recipient);
        for (const source of ['news', 'sport']) {
          expect((await process.publish(source, 'early', options)).repeated).toBe(true);
          await process.publish(source, `${source} for ${recipient}`);
        }
        const ends = ['news', 'sport'].map((source) => `${source} for ${recipient}`);
        expect(await payloadsUntil(trial, receiver, ...ends)).not.toContain('early');
      }
    },
    ({ exactlyOnce, lateSubscribers }) => exactlyOnce && lateSubscribers !== 'all-history',
  ),

  check(
    'refuses keys that are none',
    async (trial) => {
      const process = await trial.open();
      for (const idempotencyKey of ['', 'x'.repeat(256), 'ü', 'a\nb']) {
        const publish = (): Promise<unknown> => process.publish('news', 'refused', { idempotencyKey });
        await expectRefused(publish, InvalidOptionError, { option: 'idempotencyKey' });
      }
    },
    exactlyOnce,
  ),
];

/** Two processes publish under many keys at the same time, each of them under each. */
async function atOnce(trial: Trial, way: Way): Promise<void> {
  const processes = await trial.openTwo();
  const receivers = await receiversIn(processes, way);
  const keys = numbered('key ', 60);
  await Promise.all(
    keys.map(async (idempotencyKey, k) => {
      const answers = await Promise.all(
        [k, k + 1, k, k + 1].map(async (by) =>
          processes[by % 2]!.publish('news', idempotencyKey, { idempotencyKey }),
        ),
      );
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      // Those that come while the first is on its way may have done a part of it.
      expect(answers.some(({ repeated }) => !repeated)).toBe(true);
    }),
  );
  await processes[0].publish('news', 'the end');
  for (const receiver of receivers) {
    const payloads = await payloadsUntil(trial, receiver, 'the end');
    expect(payloads.toSorted()).toEqual([...keys, 'the end'].toSorted());
  }
}
