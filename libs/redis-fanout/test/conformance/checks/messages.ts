import { type Check, inEveryWay } from '../check.js';
import { messagesUntil, numbered, payloadsOf, payloadsUntil, publishAll, receiversIn } from '../moves.js';

const PAYLOADS: readonly unknown[] = [
  '',
  ' two words\n and a line ',
  'Grüße, 你好, 👩‍👩‍👧, \u0000\u001f\u2028, "quoted", \\, ${x}, %s, {"json": [1]}',
  '\ud800 is half a character',
  'x'.repeat(60_000),
  '語'.repeat(20_000),
  0,
  -1.5,
  1e300,
  Number.MAX_SAFE_INTEGER,
  true,
  false,
  null,
  [],
  {},
  { none: [], nested: { list: [{}, [[]], null], number: 0.1 }, '': 'no name', é: 'ü' },
  ['mixed', 1, null, { a: 1 }],
];

/** A day: clocks differ, units do not. */
const CLOCK_MS = 86_400_000;

/** What a message carries, and in which order messages come. */
export const messageChecks: readonly Check[] = [
  ...inEveryWay('brings payloads of every kind as they were', async (trial, way) => {
    const process = await trial.open();
    await process.subscribe('ann', 'news');
    const receiver = await way.begin(process, 'ann');
    await publishAll(process, 'news', [...PAYLOADS, 'the end']);
    expect(await payloadsUntil(trial, receiver, 'the end')).toStrictEqual([...PAYLOADS, 'the end']);
  }),

  ...inEveryWay('says of each message which it is, of whom and of when', async (trial, way) => {
    const [one, other] = await trial.openTwo();
    await other.subscribe('ann', 'news');
    await other.subscribe('ann', 'sport');
    const receiver = await way.begin(other, 'ann');
    const news = await publishAll(one, 'news', ['n1', 'n2', 'n3']);
    const sport = await publishAll(other, 'sport', ['s1', 's2', 's3']);
    const messages = await messagesUntil(trial, receiver, 'n3', 's3');
    expect(new Set([...news, ...sport]).size).toBe(6);
    expect(Object.fromEntries(messages.map(({ payload, id }) => [payload, id]))).toEqual({
      n1: news[0],
      n2: news[1],
      n3: news[2],
      s1: sport[0],
      s2: sport[1],
      s3: sport[2],
    });
    for (const { source, payload, publishedAtMs, attempt } of messages) {
      expect(source).toBe(String(payload).startsWith('n') ? 'news' : 'sport');
      expect(Math.abs(publishedAtMs - Date.now())).toBeLessThan(CLOCK_MS);
      expect(attempt).toBe(1);
    }
  }),

  ...inEveryWay(
    'brings the messages of a source in their order, or says that it does not',
    async (trial, way) => {
      const processes = await trial.openTwo();
      const receivers = await receiversIn(processes, way);
      const published = numbered('news ', 200);
      await publishAll(processes[0], 'news', published);
      const inOrder: boolean[] = [];
      for (const receiver of receivers) {
        await trial.until(async () => (await receiver.look()).length >= published.length, 'all have come');
        const payloads = payloadsOf(await receiver.look());
        expect(payloads.toSorted()).toEqual(published.toSorted());
        inOrder.push(payloads.every((payload, i) => payload === published[i]));
      }
      expect(inOrder.every(Boolean)).toBe(trial.capabilities.ordered);
    },
  ),
];
