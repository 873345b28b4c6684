import { type Caller, cleanUp, expectProblem, Library, ownRedis, until } from 'test-support';

import { publish, startService } from './support/system.js';

const OPERATIONS: readonly [string, string][] = [
  ['/lag', 'get'],
  ['/dead-letters', 'get'],
  ['/dead-letters/{id}/replay', 'post'],
  ['/dead-letters/{id}', 'delete'],
];

describe('fanout-worker', () => {
  let api: Caller;

  beforeAll(async () => {
    ({ api } = await startService(await ownRedis()));
  });

  afterAll(cleanUp);

  it('is alive, and ready once it reads the outboxes', async () => {
    expect(await api.get('/health/live')).toMatchObject({ status: 200 });
    await until(async () => (await api.get('/health/ready')).status === 200, 'it is ready');
    expect((await api.get('/health/ready')).body).toMatchObject({
      status: 'ok',
      details: { redis: { status: 'up' }, outboxes: { status: 'up' } },
    });
  });

  it('has metrics, the lag of each partition among them', async () => {
    const { status, headers, body } = await api.get('/metrics');
    expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('text/plain')]);
    for (let partition = 0; partition < 8; partition++) {
      expect(body).toMatch(
        new RegExp(`^fanout_backlog_events\\{[^}]*partition="${partition}",state="waiting"[^}]*\\} 0$`, 'm'),
      );
      expect(body).toMatch(
        new RegExp(`^fanout_oldest_event_seconds\\{[^}]*partition="${partition}"[^}]*\\} 0$`, 'm'),
      );
    }
  });

  it.each(OPERATIONS)('describes %s', async (path, method) => {
    expect((await api.get('/openapi.json')).body).toHaveProperty(['paths', path, method, 'responses']);
  });

  it('has a page for people', async () => {
    const { status, headers } = await api.get('/docs');
    expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
  });

  it('is 404 for other paths, and 405 for other methods', async () => {
    expectProblem(await api.get('/lags'), 404, 'not-found');
    for (const [method, path] of [
      ['POST', '/lag'],
      ['POST', '/dead-letters'],
      ['GET', '/dead-letters/0-1-0/replay'],
      ['GET', '/dead-letters/0-1-0'],
    ] as const) {
      const answer = await api.send(method, path);
      expectProblem(answer, 405, 'method-not-allowed');
      expect(answer.headers).toHaveProperty('allow', expect.stringMatching(/[A-Z]/));
    }
  });
});

describe('GET /lag', () => {
  afterEach(cleanUp);

  it('is 503 while Redis is out of reach', async () => {
    const redis = await ownRedis();
    const { api } = await startService(redis);
    await redis.stop();
    expectProblem(await api.get('/lag'), 503, 'storage-unavailable');
    expectProblem(await api.get('/dead-letters'), 503, 'storage-unavailable');
    expectProblem(await api.delete('/dead-letters/0-1-0'), 503, 'storage-unavailable');
    expectProblem(await api.send('POST', '/dead-letters/0-1-0/replay'), 503, 'storage-unavailable');
  });

  it('tells of each partition what waits and what is with a worker, and zeros once all is delivered', async () => {
    const redis = await ownRedis();
    const { api } = await startService(redis, { strategy: () => undefined });
    const library = await Library.open(redis);
    const none = { waiting: 0, pending: 0, oldestMs: 0 };
    expect((await api.get('/lag')).body).toEqual({
      partitions: Array.from({ length: 8 }, (_, partition) => ({ partition, ...none })),
      ...none,
    });
    for (let i = 0; i < 20; i++) await publish(library, `author-${i}`);
    const { fanout, client } = library;
    const lengths = await Promise.all(fanout.outboxes.map((outbox) => client.xlen(outbox)));
    const waiting = (await api.get('/lag')).body as {
      partitions: { waiting: number; oldestMs: number }[];
      oldestMs: number;
    };
    expect(waiting).toMatchObject({ waiting: 20, pending: 0 });
    expect(waiting.partitions.map((partition) => partition.waiting)).toEqual(lengths);
    expect(waiting.oldestMs).toBe(Math.max(...waiting.partitions.map(({ oldestMs }) => oldestMs)));
    await until(
      async () => ((await api.get('/lag')).body as typeof waiting).oldestMs > waiting.oldestMs,
      'the oldest is older',
    );
    const busiest = lengths.indexOf(Math.max(...lengths));
    const outbox = fanout.outboxes[busiest] ?? '';
    await client.xgroup('CREATE', outbox, fanout.consumerGroup, '0');
    const taken = await client.xreadgroup(
      'GROUP',
      fanout.consumerGroup,
      'a-worker',
      'COUNT',
      1,
      'STREAMS',
      outbox,
      '>',
    );
    expect(taken).toHaveLength(1);
    const lag = await api.get('/lag');
    expect(lag.body).toMatchObject({ waiting: 19, pending: 1 });
    expect(lag.body).toHaveProperty(['partitions', busiest, 'pending'], 1);
    // Of the same name as the one that took it, so that it goes on with that without a wait.
    const { api: worker } = await startService(redis, { consumer: 'a-worker' });
    await until(
      async () => ((await worker.get('/lag')).body as { waiting: number; pending: number }).waiting === 0,
      'all was taken',
    );
    await until(
      async () => ((await worker.get('/lag')).body as { pending: number }).pending === 0,
      'all is delivered',
    );
    expect((await worker.get('/lag')).body).toMatchObject(none);
  });
});
