import { type RedisServer, startRedis } from 'embedded-redis';
import { Redis } from 'ioredis';

import { DeadLetters, InvalidCursorError, InvalidOptionError, streamKeys } from '../src/index.js';
import { consume, range, runCleanups, track, uniqueStream, until } from './support.js';

let redis: RedisServer;
let client: Redis;
let streams: string[];
let letters: DeadLetters;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  await redis.stop();
});
beforeEach(() => {
  client = track(new Redis(redis.url));
  streams = [uniqueStream(), uniqueStream(), uniqueStream()];
  letters = new DeadLetters({ client, streams });
});
afterEach(runCleanups);

async function bury(stream: number, id: string, number: number): Promise<void> {
  const history = ['attempts', 5, 'firstError', 'a', 'lastError', 'b', 'at', 1_700_000_000_000, 'id', '1-1'];
  const event = ['pattern', 'counted', 'data', String(number)];
  await client.xadd(streamKeys(streams[stream]!).deadLetters, id, ...event, ...history);
}

async function allPages(limit: number): Promise<{ data: unknown[]; sizes: number[] }> {
  const data: unknown[] = [];
  const sizes: number[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await letters.page({ cursor, limit });
    data.push(...page.items.map(({ event }) => event.data));
    sizes.push(page.items.length);
    if (page.nextCursor === null) return { data, sizes };
    cursor = page.nextCursor;
  }
}

describe('DeadLetters', () => {
  it('has one empty page where there is none', async () => {
    expect(await letters.page()).toEqual({ items: [], nextCursor: null });
  });

  it.each([1, 2, 3, 7, 11, 12, 13, 50])('pages all of them, newest first, %d at a time', async (limit) => {
    // The same ids in all streams, so that a page may end between equals.
    for (const number of range(0, 11)) await bury(number % 3, `${5 + Math.floor(number / 3)}-1`, number);
    const { data, sizes } = await allPages(limit);
    expect(data).toEqual([9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2]);
    expect(sizes.slice(0, -1).every((size) => size === limit)).toBe(true);
    expect(sizes.at(-1)).toBeGreaterThan(0);
  });

  it('tells what was given up', async () => {
    await bury(1, '7-3', 1);
    await client.xadd(streamKeys(streams[0]!).deadLetters, '7-2', 'pattern', '', 'data', '{"a"');
    expect((await letters.page()).items).toEqual([
      {
        id: '1-7-3',
        event: { pattern: 'counted', data: 1 },
        attempts: 5,
        firstError: 'a',
        lastError: 'b',
        at: '2023-11-14T22:13:20.000Z',
      },
      expect.objectContaining({ id: '0-7-2', event: { pattern: '', data: '{"a"' } }),
    ]);
  });

  it('shifts nothing where dead letters come and go between pages', async () => {
    for (const number of range(1, 6)) await bury(0, `${number}-1`, number);
    const first = await letters.page({ limit: 2 });
    await bury(1, '9-1', 9);
    await letters.remove('0-5-1');
    const second = await letters.page({ limit: 2, cursor: first.nextCursor! });
    expect(second.items.map(({ event }) => event.data)).toEqual([4, 3]);
  });

  it.each(['', 'x', 'MA', Buffer.from('0-1').toString('base64url'), 'MC0xLTE=', 'MC0xLTE '])(
    'refuses the cursor %j',
    async (cursor) => {
      await expect(letters.page({ cursor })).rejects.toThrow(InvalidCursorError);
    },
  );

  it.each([0, 1001, 1.5, NaN])('refuses the limit %d', async (limit) => {
    await expect(letters.page({ limit })).rejects.toThrow(InvalidOptionError);
  });

  it('replays one to its stream, once', async () => {
    await bury(2, '7-3', 42);
    const answers = await Promise.all([letters.replay('2-7-3'), letters.replay('2-7-3')]);
    expect(answers.toSorted()).toEqual([false, true]);
    const seen: number[] = [];
    await consume({ client, streams }, (data) => seen.push(...data));
    await until(() => seen.length > 0, 'it is handled');
    expect(seen).toEqual([42]);
    expect((await letters.page()).items).toEqual([]);
  });

  it('removes one for good', async () => {
    await bury(0, '7-3', 42);
    expect(await letters.remove('0-7-3')).toBe(true);
    expect(await letters.remove('0-7-3')).toBe(false);
    expect(await client.xlen(streams[0]!)).toBe(0);
  });

  it.each(['', '7-3', '0-7', '0-7-3-1', 'a-7-3', '3-7-3', '-1-7-3', '0-99999999999999999999-1', '0-7-3 '])(
    'finds nothing under %j',
    async (id) => {
      await bury(0, '7-3', 42);
      expect(await letters.replay(id)).toBe(false);
      expect(await letters.remove(id)).toBe(false);
    },
  );
});
