import { InvalidCursorError, InvalidOptionError, UnsupportedOperationError } from '../../../src/index.js';
import { check, type Check } from '../check.js';
import {
  expectRefused,
  idsOf,
  numbered,
  payloadsOf,
  payloadsUntil,
  publishAll,
  subscribeAll,
} from '../moves.js';
import type { Process } from '../subject.js';
import type { Trial } from '../trial.js';
import { LISTENING, readAll, READING } from '../ways.js';

const keeps: Check['when'] = ({ keptForAbsent }) => keptForAbsent;

/** What waits for those who do not listen, and how it is read. */
export const keepingChecks: readonly Check[] = [
  check('keeps what is published while nobody listens, or says that it does not', async (trial) => {
    const process = await trial.open();
    await process.subscribe('ann', 'news');
    await publishAll(process, 'news', ['missed', 'missed, too']);
    const later = await trial.open();
    if (trial.capabilities.keptForAbsent) {
      const reader = await READING.begin(later, 'ann');
      const payloads = await payloadsUntil(trial, reader, 'missed, too');
      expect(payloads).toEqual(['missed', 'missed, too']);
      return;
    }
    await expectRefused(() => later.read('ann'), UnsupportedOperationError, { operation: 'read' });
    await later.subscribe('ann', 'news');
    const listener = await LISTENING.begin(later, 'ann');
    await process.publish('news', 'heard');
    expect(await payloadsUntil(trial, listener, 'heard')).toEqual(['heard']);
  }),
  check(
    'keeps what there was when all processes are gone',
    async (trial) => {
      const process = await trial.open();
      await process.subscribe('ann', 'news');
      await publishAll(process, 'news', ['first', 'last']);
      await process.close();
      const later = await trial.open();
      const reader = await READING.begin(later, 'ann');
      expect(await payloadsUntil(trial, reader, 'last')).toEqual(['first', 'last']);
      await later.publish('news', 'more');
      expect(await payloadsUntil(trial, reader, 'more')).toEqual(['first', 'last', 'more']);
    },
    keeps,
  ),
  check(
    'takes nothing by reading, and has nothing for strangers',
    async (trial) => {
      const process = await withMessages(trial, numbered('news ', 7));
      const once = await readAll(process, 'ann');
      expect(await readAll(process, 'ann')).toEqual(once);
      expect(await process.read('a-stranger')).toEqual({ items: [], nextCursor: null });
    },
    keeps,
  ),
  check(
    'reads the newest or the oldest first, as it says',
    async (trial) => {
      const published = numbered('news ', 7);
      const process = await withMessages(trial, published);
      const payloads = payloadsOf(await readAll(process, 'ann', 3));
      const newestFirst = trial.capabilities.readOrder === 'newest-first';
      expect(payloads).toEqual(newestFirst ? published.toReversed() : published);
    },
    keeps,
  ),
  check(
    'gives full pages, and ends with the last message',
    async (trial) => {
      const process = await withMessages(trial, numbered('news ', 60));
      const whole = await readAll(process, 'ann');
      expect(whole).toHaveLength(60);
      for (const limit of [undefined, 1, 7, 20, 59, 60, 61]) {
        const pages = await pagesOf(process, limit);
        expect(pages.flat()).toEqual(idsOf(whole));
        const sizes = pages.map((page) => page.length);
        expect(sizes.slice(0, -1).every((size) => size === (limit ?? 50))).toBe(true);
        expect(sizes.at(-1)).toBe(60 % (limit ?? 50) === 0 ? limit : 60 % (limit ?? 50));
      }
    },
    keeps,
  ),
  check(
    'gives pages without holes and repeats, whatever is published between',
    async (trial) => {
      const process = await withMessages(trial, numbered('early ', 12));
      const reader = await READING.begin(process, 'ann');
      const payloads: unknown[] = [];
      let page = await process.read('ann', { limit: 5 });
      for (let i = 1; page.nextCursor !== null; i++) {
        payloads.push(...payloadsOf(page.items));
        if (i <= 3) await process.publish('news', `late ${i}`);
        if (i <= 3) await payloadsUntil(trial, reader, `late ${i}`);
        page = await process.read('ann', { limit: 5, cursor: page.nextCursor });
      }
      payloads.push(...payloadsOf(page.items));
      const { readOrder } = trial.capabilities;
      const order = readOrder === 'newest-first' ? payloads.toReversed() : payloads;
      const early = order.filter((payload) => String(payload).startsWith('early'));
      expect(early).toEqual(numbered('early ', 12));
      const late = order.filter((payload) => String(payload).startsWith('late'));
      expect(order).toEqual([...early, ...late]);
      expect(late).toEqual(numbered('late ', 3).slice(0, late.length));
    },
    keeps,
  ),
  check(
    'refuses cursors and limits that are none',
    async (trial) => {
      const process = await withMessages(trial, numbered('news ', 3));
      for (const cursor of ['junk', '', '-1', '%%%', '0 0', 'x'.repeat(5000), '\n', 'ü']) {
        await expectRefused(() => process.read('ann', { cursor }), InvalidCursorError);
      }
      for (const limit of [0, -1, 101, 1.5, NaN]) {
        await expectRefused(() => process.read('ann', { limit }), InvalidOptionError, { option: 'limit' });
      }
      const reader = await READING.begin(process, 'ann');
      await process.publish('news', 'the end');
      expect(await payloadsUntil(trial, reader, 'the end')).toHaveLength(4);
    },
    keeps,
  ),
];

/** A process in a place where `ann` can read these messages of `news`. */
async function withMessages(trial: Trial, payloads: readonly string[]): Promise<Process> {
  const process = await trial.open();
  await subscribeAll(process, 'news', ['ann', 'bob']);
  await publishAll(process, 'news', payloads);
  const reader = await READING.begin(process, 'ann');
  await payloadsUntil(trial, reader, payloads.at(-1)!);
  return process;
}

async function pagesOf(process: Process, limit: number | undefined): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await process.read('ann', { ...(limit !== undefined && { limit }), cursor });
    pages.push(idsOf(page.items));
    cursor = page.nextCursor;
  }
  return pages;
}
