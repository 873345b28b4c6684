import { check, type Check, inEveryWay } from '../check.js';
import {
  messagesUntil,
  numbered,
  payloadsOf,
  payloadsUntil,
  publishAll,
  receiversIn,
  subscribeAll,
} from '../moves.js';
import { LISTENING, READING, type Way } from '../ways.js';
import type { Trial } from '../trial.js';

const RECIPIENTS = ['ann', 'bob', 'cid', 'dan'];

/** Who gets what. */
export const deliveryChecks: readonly Check[] = [
  ...inEveryWay('reaches every recipient once, and nobody else', async (trial, way) => {
    const [one, other] = await trial.openTwo();
    const receivers = await Promise.all(
      RECIPIENTS.map(async (recipient, i) => {
        const process = i % 2 === 0 ? one : other;
        await process.subscribe(recipient, 'news');
        return way.begin(process, recipient);
      }),
    );
    await other.subscribe('eve', 'sport');
    const stranger = await way.begin(other, 'eve');
    const published = [...numbered('news ', 12), 'the end'];
    await publishAll(one, 'news', published);
    for (const receiver of receivers) {
      expect(await payloadsUntil(trial, receiver, 'the end')).toEqual(published);
    }
    await one.publish('sport', 'goal');
    expect(await payloadsUntil(trial, stranger, 'goal')).toEqual(['goal']);
  }),

  ...inEveryWay('keeps sources apart', async (trial, way) => {
    const process = await trial.open();
    await process.subscribe('ann', 'news');
    await process.subscribe('bob', 'sport');
    await subscribeAll(process, 'news', ['cid']);
    await subscribeAll(process, 'sport', ['cid']);
    const [ann, bob, cid] = await Promise.all(
      ['ann', 'bob', 'cid'].map(async (recipient) => way.begin(process, recipient)),
    );
    for (const i of [1, 2, 3]) {
      await process.publish('news', `n${i}`);
      await process.publish('sport', `s${i}`);
    }
    const both = await messagesUntil(trial, cid!, 'n3', 's3');
    expect(payloadsOf(both.filter(({ source }) => source === 'news'))).toEqual(['n1', 'n2', 'n3']);
    expect(payloadsOf(both.filter(({ source }) => source === 'sport'))).toEqual(['s1', 's2', 's3']);
    expect(await payloadsUntil(trial, ann!, 'n3')).toEqual(['n1', 'n2', 'n3']);
    expect(await payloadsUntil(trial, bob!, 's3')).toEqual(['s1', 's2', 's3']);
  }),

  ...inEveryWay('takes a second subscription for the first', async (trial, way) => {
    const [one, other] = await trial.openTwo();
    const receiver = await way.begin(one, 'ann');
    await one.subscribe('ann', 'news');
    await one.publish('news', 'before');
    for (const process of [one, other]) await process.subscribe('ann', 'news');
    await publishAll(one, 'news', ['after', 'the end']);
    expect(await payloadsUntil(trial, receiver, 'the end')).toEqual(['before', 'after', 'the end']);
  }),

  ...inEveryWay('minds a subscription from its answer on', async (trial, way) => {
    const [one, other] = await trial.openTwo();
    const receiver = await way.begin(other, 'ann');
    for (const source of ['news', 'sport', 'weather']) {
      await trial.subscriber(one, other).subscribe('ann', source);
      await publishAll(one, source, [`first ${source}`, `last ${source}`]);
    }
    const messages = await messagesUntil(trial, receiver, 'last news', 'last sport', 'last weather');
    for (const source of ['news', 'sport', 'weather']) {
      expect(payloadsOf(messages.filter((message) => message.source === source))).toEqual([
        `first ${source}`,
        `last ${source}`,
      ]);
    }
  }),

  ...inEveryWay('minds the end of a subscription from its answer on', endOfSubscription),

  ...inEveryWay('is not moved by the end of a subscription that there is not', async (trial, way) => {
    const process = await trial.open();
    await subscribeAll(process, 'news', ['ann', 'bob']);
    const receiver = await way.begin(process, 'ann');
    await process.publish('news', 'first');
    await process.unsubscribe('bob', 'news');
    await process.unsubscribe('bob', 'news');
    await process.unsubscribe('ann', 'sport');
    await process.unsubscribe('nobody', 'nothing');
    await process.publish('news', 'last');
    expect(await payloadsUntil(trial, receiver, 'last')).toEqual(['first', 'last']);
  }),

  ...inEveryWay('loses and doubles nothing that two processes publish at once', async (trial, way) => {
    const processes = await trial.openTwo();
    const receivers = await receiversIn(processes, way);
    await Promise.all(
      processes.map(async (process, i) => publishAll(process, 'news', numbered(`by ${i}: `, 30))),
    );
    await processes[0].publish('news', 'the end');
    for (const receiver of receivers) {
      const payloads = await payloadsUntil(trial, receiver, 'the end');
      expect(payloads).toHaveLength(61);
      for (const i of [0, 1]) {
        const ofOne = payloads.filter((payload) => String(payload).startsWith(`by ${i}`));
        expect(ofOne).toEqual(numbered(`by ${i}: `, 30));
      }
    }
  }),

  check('tells how many received a message, or that it does not know', async (trial) => {
    const process = await trial.open();
    const { receivers: ofNone } = await process.publish('news', 'to nobody');
    await process.subscribe('ann', 'news');
    await LISTENING.begin(process, 'ann');
    const { receivers: ofOne } = await process.publish('news', 'to one');
    expect([ofNone, ofOne]).toEqual(ofNone === null ? [null, null] : [0, 1]);
  }),
];

/**
 * The end of a subscription is followed by a message that another recipient gets; then by one of another source, and,
 * subscribed anew, by one of the same.
 */
async function endOfSubscription(trial: Trial, way: Way): Promise<void> {
  const [one, other] = await trial.openTwo();
  const subscriber = trial.subscriber(one, other);
  await subscribeAll(subscriber, 'news', ['ann', 'bob']);
  await subscriber.subscribe('ann', 'sport');
  const ann = await way.begin(other, 'ann');
  const bob = await way.begin(other, 'bob');
  await one.publish('news', 'first');
  expect(await payloadsUntil(trial, ann, 'first')).toEqual(['first']);
  await subscriber.unsubscribe('ann', 'news');
  await one.publish('news', 'missed');
  expect(await payloadsUntil(trial, bob, 'missed')).toEqual(['first', 'missed']);
  await one.publish('sport', 'goal');
  const { lateSubscribers } = trial.capabilities;
  const takesAllOut = way === READING && lateSubscribers !== 'from-now';
  expect(await payloadsUntil(trial, ann, 'goal')).toEqual(takesAllOut ? ['goal'] : ['first', 'goal']);
  await subscriber.subscribe('ann', 'news');
  await one.publish('news', 'last');
  const payloads = await payloadsUntil(trial, ann, 'last');
  const bringsAllBack = way === READING && lateSubscribers === 'all-history';
  const back = bringsAllBack ? ['first', 'missed'] : takesAllOut ? [] : ['first'];
  expect(payloads.toSorted()).toEqual(['goal', 'last', ...back].toSorted());
}
