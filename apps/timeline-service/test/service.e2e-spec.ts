import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Caller, cleanUp, expectProblem, Library, ownRedis, until } from 'test-support';

import { startService } from './support/system.js';

describe('timeline-service', () => {
  let api: Caller;

  beforeAll(async () => {
    ({ api } = await startService(await ownRedis()));
  });

  afterAll(cleanUp);

  it('is alive and ready', async () => {
    expect(await api.get('/health/live')).toMatchObject({ status: 200 });
    expect(await api.get('/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ok', details: { redis: { status: 'up' } } },
    });
  });

  it('has metrics', async () => {
    await api.get('/timelines/ada');
    const { status, headers, body } = await api.get('/metrics');
    expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('text/plain')]);
    expect(body).toMatch(/^http_request_duration_seconds_count\{.*route="\/timelines\/:user"/m);
  });

  it('describes its call', async () => {
    const { status, body } = await api.get('/openapi.json');
    expect(status).toBe(200);
    expect(body).toHaveProperty(['paths', '/timelines/{user}', 'get', 'parameters']);
    const { parameters } = (body as { paths: Record<string, { get: { parameters: { name: string }[] } }> })
      .paths['/timelines/{user}']!.get;
    expect(parameters.map(({ name }) => name).sort()).toEqual(['cursor', 'limit', 'since', 'user']);
  });

  it('has a page for people', async () => {
    const { status, headers } = await api.get('/docs');
    expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
  });

  it.each(['/', '/timelines', '/timelines/ada/posts', '/posts/1700000000000000000'])(
    'is 404 for the path %s',
    async (path) => {
      expectProblem(await api.get(path), 404, 'not-found');
    },
  );

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('is 405 for %s', async (method) => {
    const answer = await api.send(method, '/timelines/ada');
    expectProblem(answer, 405, 'method-not-allowed');
    expect(String(answer.headers.allow).split(', ')).toContain('GET');
  });
});

describe('while Redis does not serve', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'timeline-service-'));
  });

  afterEach(async () => {
    await cleanUp();
    await rm(dir, { recursive: true, force: true });
  });

  it('is 503 and not ready, and shows all that was there when it is back', async () => {
    const settings = { save: '3600 1' };
    const redis = await ownRedis({ dir, settings });
    const { api } = await startService(redis);
    const { fanout } = await Library.open(redis);
    const { post } = await fanout.posts.publish({ author: 'ada', text: 'x' });
    await redis.stop();
    expectProblem(await api.get('/timelines/ada'), 503, 'storage-unavailable');
    expect(await api.get('/health/ready')).toMatchObject({
      status: 503,
      body: { error: { redis: { status: 'down' } } },
    });
    expect((await api.get('/health/live')).status).toBe(200);
    await ownRedis({ dir, port: redis.port, settings });
    await until(async () => (await api.get('/health/ready')).status === 200, 'it is ready again');
    expect(await api.page('/timelines/ada')).toEqual({ items: [post], nextCursor: null });
  });

  it('still reads where there is no memory to keep a timeline', async () => {
    const redis = await ownRedis();
    const { api } = await startService(redis);
    const { fanout, client } = await Library.open(redis);
    const { post } = await fanout.posts.publish({ author: 'ada', text: 'x' });
    await fanout.follows.follow('bob', 'ada');
    await client.call('CONFIG', 'SET', 'maxmemory', '1');
    for (const user of ['ada', 'bob']) {
      expect(await api.page(`/timelines/${user}`)).toEqual({ items: [post], nextCursor: null });
    }
  });
});
