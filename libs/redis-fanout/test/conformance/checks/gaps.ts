import type { Gap } from '../../../src/index.js';
import { check, type Check } from '../check.js';
import { payloadsOf, publishAll, subscribeAll } from '../moves.js';
import type { Received } from '../ways.js';

/** What listeners have when connections are lost. */
export const gapChecks: readonly Check[] = [
  check(
    'tells listeners that messages may have been missed, and misses none from then on',
    async (trial) => {
      const [one, other] = await trial.openTwo();
      await subscribeAll(one, 'news', ['ann', 'bob']);
      const heard: { recipient: string; message: Received }[] = [];
      const gaps: { recipient: string; gap: Gap }[] = [];
      for (const recipient of ['ann', 'bob']) {
        const onGap = (gap: Gap): void => void gaps.push({ recipient, gap });
        await one.listen(recipient, (message) => void heard.push({ recipient, message }), { onGap });
      }
      await other.publish('news', 'before');
      await trial.until(() => heard.length === 2, 'both heard what was published before');
      for (const round of ['first', 'second']) {
        gaps.length = heard.length = 0;
        await trial.cutConnections();
        await trial.until(() => new Set(gaps.map(({ recipient }) => recipient)).size === 2, 'both know');
        for (const { gap } of gaps) {
          expect(gap.reason).not.toBe('');
          expect(gap.sinceMs).toBeLessThanOrEqual(Date.now());
        }
        await publishAll(other, 'news', [`${round} after`, `${round} end`]);
        await trial.until(() => heard.length >= 4, 'both heard what was published after');
        for (const recipient of ['ann', 'bob']) {
          const own = heard.filter((one) => one.recipient === recipient).map(({ message }) => message);
          expect(payloadsOf(own)).toEqual([`${round} after`, `${round} end`]);
        }
      }
    },
    ({ gapless }) => !gapless,
  ),
  check(
    'hands over what came while connections were lost',
    async (trial) => {
      const [one, other] = await trial.openTwo();
      await subscribeAll(one, 'news', ['ann', 'bob']);
      const heard = { ann: [] as Received[], bob: [] as Received[] };
      for (const recipient of ['ann', 'bob'] as const) {
        await one.listen(recipient, (message) => void heard[recipient].push(message), {
          onGap: ({ reason }) => {
            throw new Error(`there is a gap: ${reason}`);
          },
        });
      }
      const published: string[] = [];
      for (const round of ['a', 'b', 'c']) {
        const payloads = [`${round}1`, `${round}2`, `${round}3`];
        published.push(...payloads);
        await other.publish('news', payloads[0]);
        await Promise.all([trial.cutConnections(), other.publish('news', payloads[1])]);
        await other.publish('news', payloads[2]);
        await trial.until(
          () => Math.min(heard.ann.length, heard.bob.length) >= published.length,
          'both heard everything',
        );
      }
      expect([payloadsOf(heard.ann), payloadsOf(heard.bob)]).toEqual([published, published]);
    },
    ({ gapless, acknowledged }) => gapless && !acknowledged,
  ),
  check(
    'loses and doubles nothing when connections are lost',
    async (trial) => {
      const [one, other] = await trial.openTwo();
      await one.subscribe('ann', 'news');
      const handed: Received[] = [];
      await one.listen(
        'ann',
        async (message) => {
          handed.push(message);
          await one.acknowledge('ann', message.id);
        },
        { leaseMs: 1000 },
      );
      const published: string[] = [];
      for (const round of ['a', 'b', 'c']) {
        const payloads = [`${round}1`, `${round}2`, `${round}3`];
        published.push(...payloads);
        await other.publish('news', payloads[0]);
        await Promise.all([trial.cutConnections(), other.publish('news', payloads[1])]);
        await other.publish('news', payloads[2]);
        await trial.until(() => handed.length >= published.length, 'everything was handed over');
      }
      expect(payloadsOf(handed)).toEqual(published);
    },
    ({ acknowledged }) => acknowledged,
  ),
];
