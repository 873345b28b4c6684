import { Fanout } from 'redis-fanout';
import { FANOUT_CLIENT } from 'redis-fanout/nestjs';
import { RedisStreamsServer } from 'redis-streams-transport';
import { type Caller, cleanUp, expectInvalid, expectProblem, Library, ownRedis, until } from 'test-support';

import { addReaders, entries, publish, startService, type WorkerOptions } from './support/system.js';

interface DeadLetter {
  readonly id: string;
  readonly event: unknown;
  readonly attempts: number;
  readonly firstError: string;
  readonly lastError: string;
  readonly at: string;
}

/** As the app's own, but tries again sooner. */
const impatient: WorkerOptions = {
  strategy: (app) => {
    const { outboxes, consumerGroup: group } = app.get(Fanout);
    return new RedisStreamsServer({
      client: app.get(FANOUT_CLIENT),
      streams: outboxes,
      group,
      consumer: 'impatient',
      retryDelayMs: 10,
      maxRetryDelayMs: 10,
    });
  },
};

describe('dead letters', () => {
  let api: Caller;
  let library: Library;

  const start = async (options: WorkerOptions): Promise<void> => {
    const redis = await ownRedis();
    library = await Library.open(redis);
    ({ api } = await startService(redis, options));
  };

  /** Puts something into an outbox that cannot be delivered. */
  const poison = async (partition: number, data: string, pattern = 'post'): Promise<void> => {
    await library.client.xadd(
      library.fanout.outboxes[partition] ?? '',
      '*',
      'pattern',
      pattern,
      'data',
      data,
    );
  };

  const letters = async (): Promise<DeadLetter[]> =>
    (await api.allPages('/dead-letters', 100)) as DeadLetter[];

  const untilLetters = async (count: number, timeoutMs?: number): Promise<DeadLetter[]> => {
    await until(async () => (await letters()).length === count, `there are ${count} dead letters`, timeoutMs);
    return letters();
  };

  afterEach(cleanUp);

  it('are what failed five times within half a minute, and hold up nothing else', async () => {
    await start({});
    await addReaders(library, 'ada', 'bob');
    const begun = Date.now();
    await poison(0, '{"kind":"nonsense"}');
    await poison(3, 'no JSON {');
    const post = await publish(library, 'ada');
    await until(
      async () => (await entries(library, 'bob')).at(-1) === post.id,
      'the post is delivered',
      5000,
    );
    const [one, two] = (await untilLetters(2, 90_000)).sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(one).toEqual({
      id: expect.stringMatching(/^0-\d+-\d+$/) as string,
      event: { pattern: 'post', data: { kind: 'nonsense' } },
      attempts: 5,
      firstError: expect.stringContaining('nonsense') as string,
      lastError: expect.stringContaining('nonsense') as string,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    });
    expect(two).toMatchObject({ event: { pattern: 'post', data: 'no JSON {' }, attempts: 5 });
    expect(two?.firstError).toMatch(/JSON/);
    expect(Date.parse(one?.at ?? '')).toBeGreaterThan(begun);
    expect((await api.get('/lag')).body).toMatchObject({ waiting: 0, pending: 0 });
  }, 120_000);

  it('come again when replayed, under another id, as long as the cause is there', async () => {
    await start(impatient);
    await poison(2, '{"kind":"nonsense"}');
    const [first] = await untilLetters(1);
    const answer = await api.send('POST', `/dead-letters/${first?.id ?? ''}/replay`);
    expect(answer).toMatchObject({ status: 202, body: '' });
    await until(async () => (await letters())[0]?.id !== first?.id, 'the first one is gone');
    const [second] = await untilLetters(1);
    expect(second).toMatchObject({ event: first?.event, attempts: 5 });
    expectProblem(await api.send('POST', `/dead-letters/${first?.id ?? ''}/replay`), 404, 'not-found');
  });

  it('are delivered when replayed after the cause has gone', async () => {
    await start(impatient);
    const { client, fanout } = library;
    await addReaders(library, 'ada', 'bob');
    const [timeline = ''] = await client.keys('fanout:*:timeline:bob');
    // What is no list cannot take an entry.
    await client.rename(timeline, `${timeline}:kept`);
    await client.set(timeline, 'no list');
    const post = await publish(library, 'ada');
    const [letter] = await untilLetters(1);
    expect(letter).toMatchObject({ event: { pattern: 'post', data: { kind: 'published', id: post.id } } });
    expect(letter?.lastError).toContain('WRONGTYPE');
    await client.rename(`${timeline}:kept`, timeline);
    expect((await api.send('POST', `/dead-letters/${letter?.id ?? ''}/replay`)).status).toBe(202);
    await until(async () => (await fanout.posts.delivery(post.id)).state === 'delivered', 'it is delivered');
    expect((await entries(library, 'bob')).at(-1)).toBe(post.id);
    expect(await letters()).toEqual([]);
  });

  it('are gone for good when removed', async () => {
    await start(impatient);
    await poison(1, '{}');
    const [letter] = await untilLetters(1);
    const path = `/dead-letters/${letter?.id ?? ''}`;
    expect(await api.delete(path)).toMatchObject({ status: 204, body: '' });
    expect(await letters()).toEqual([]);
    expectProblem(await api.delete(path), 404, 'not-found');
    expectProblem(await api.send('POST', `${path}/replay`), 404, 'not-found');
  });

  it('come in full pages, newest first', async () => {
    await start(impatient);
    for (let i = 0; i < 15; i++)
      await poison(i % 8, JSON.stringify({ kind: 'nonsense', i }), i === 7 ? 'odd' : 'post');
    const all = await untilLetters(15);
    const times = all.map(({ at }) => Date.parse(at));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(new Set(all.map(({ event }) => JSON.stringify(event))).size).toBe(15);
    expect(all).toContainEqual(
      expect.objectContaining({ event: { pattern: 'odd', data: { kind: 'nonsense', i: 7 } } }),
    );
    for (const limit of [1, 2, 7, 15]) expect(await api.allPages('/dead-letters', limit)).toEqual(all);
  });

  it('are 404 and 400 where the request is about none', async () => {
    await start(impatient);
    expect(await api.page('/dead-letters')).toEqual({ items: [], nextCursor: null });
    for (const id of [
      '0-1-0',
      '7-1700000000000-0',
      '8-1-0',
      '999999999-1-0',
      'x',
      '0-1',
      '0-99999999999999999999-0',
    ]) {
      expectProblem(await api.delete(`/dead-letters/${id}`), 404, 'not-found');
      expectProblem(await api.send('POST', `/dead-letters/${id}/replay`), 404, 'not-found');
    }
    for (const limit of ['0', '101', 'x', '', '1.5']) {
      expectInvalid(await api.get(`/dead-letters?limit=${limit}`), 'limit');
    }
    const tampered = Buffer.from('0-99999999999999999999-0').toString('base64url');
    for (const cursor of ['', 'x', '0-1-0', '%00', tampered, 'x'.repeat(1025)]) {
      expectInvalid(await api.get(`/dead-letters?cursor=${cursor}`), 'cursor');
    }
  });
});
