import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RedisServer } from 'embedded-redis';
import { type Answer, type Caller, cleanUp, expectProblem, Library, ownRedis, until } from 'test-support';

import { publish, startService } from './support/system.js';

/** Every call that a caller can make, with a body that is right. */
function everyCall(api: Caller, id: string): Promise<Answer>[] {
  return [
    api.sendJson('POST', '/posts', { author: 'ada', text: 'x' }),
    api.sendJson('POST', '/posts', { author: 'ada', text: 'x' }, { 'idempotency-key': 'key' }),
    api.sendJson('PATCH', `/posts/${id}`, { author: 'ada', text: 'x' }),
    api.delete(`/posts/${id}?author=ada`),
    api.get(`/posts/${id}`),
    api.get(`/posts/${id}/delivery`),
    api.get('/users/ada'),
    api.get('/users/ada/posts'),
    api.get('/users/ada/following'),
    api.get('/users/ada/followers'),
    api.put('/users/ada/following/bob'),
    api.delete('/users/ada/following/bob'),
  ];
}

describe('while Redis is out of reach', () => {
  let dir: string;
  let redis: RedisServer;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'post-service-'));
    redis = await ownRedis({ dir, settings: { save: '3600 1' } });
  });

  afterEach(async () => {
    await cleanUp();
    await rm(dir, { recursive: true, force: true });
  });

  it('answers 503 to everything, is not ready, and goes on with all that was there when it is back', async () => {
    const { api } = await startService(redis);
    const post = await publish(api, 'ada');
    expect((await api.get('/health/ready')).status).toBe(200);
    await redis.stop();
    for (const answer of await Promise.all(everyCall(api, post.id))) {
      expectProblem(answer, 503, 'storage-unavailable');
    }
    const ready = await api.get('/health/ready');
    expect(ready).toMatchObject({
      status: 503,
      body: { status: 'error', error: { redis: { status: 'down' } } },
    });
    expect(ready.body).toHaveProperty('error.redis.message', expect.stringMatching(/./));
    expect((await api.get('/health/live')).status).toBe(200);
    expect((await api.get('/metrics')).status).toBe(200);
    await ownRedis({ dir, port: redis.port, settings: { save: '3600 1' } });
    await until(async () => (await api.get('/health/ready')).status === 200, 'it is ready again');
    expect((await api.get('/users/ada/posts')).body).toEqual({ items: [post], nextCursor: null });
    await publish(api, 'ada');
  });

  it('answers 503 within seconds while Redis hangs', async () => {
    const { api } = await startService(redis);
    redis.signal('SIGSTOP');
    try {
      expect((await api.get('/health/ready')).status).toBe(503);
    } finally {
      redis.signal('SIGCONT');
    }
    await until(async () => (await api.get('/health/ready')).status === 200, 'it is ready again');
  });
});

describe('while Redis is out of memory', () => {
  let api: Caller;
  let library: Library;

  beforeAll(async () => {
    const redis = await ownRedis();
    ({ api } = await startService(redis));
    library = await Library.open(redis);
  });

  afterAll(cleanUp);

  const setMemory = async (bytes: string): Promise<void> => {
    for (const node of 'nodes' in library.client ? library.client.nodes() : [library.client]) {
      await node.config('SET', 'maxmemory', bytes);
    }
  };

  afterEach(async () => {
    await setMemory('0');
  });

  it('answers 503 to whatever stores, stores nothing of it, and still answers reads', async () => {
    await api.put('/users/ada/following/bob');
    const post = await publish(api, 'ada');
    const before = await library.backlog();
    await setMemory('1');
    const body = { author: 'ada', text: 'lost' };
    const headers = { 'idempotency-key': 'key' };
    for (const answer of [
      await api.sendJson('POST', '/posts', body),
      await api.sendJson('POST', '/posts', body, headers),
      await api.sendJson('PATCH', `/posts/${post.id}`, body),
      await api.put('/users/ada/following/cid'),
    ]) {
      expectProblem(answer, 503, 'storage-unavailable');
    }
    expect((await api.get('/health/ready')).status).toBe(200);
    for (let look = 0; look < 2; look++) {
      expect((await api.get(`/posts/${post.id}`)).body).toEqual(post);
      expect((await api.get('/users/ada/posts')).body).toEqual({ items: [post], nextCursor: null });
      expect(await api.page('/users/ada/following')).toEqual({ items: ['bob'], nextCursor: null });
      expect((await api.get('/users/ada')).body).toMatchObject({ posts: 1, following: 1 });
      expect(await library.backlog()).toBe(before);
      await setMemory('0');
    }
    expect((await api.sendJson('POST', '/posts', body, headers)).status).toBe(201);
  });

  it('still deletes', async () => {
    const post = await publish(api, 'deleter');
    await setMemory('1');
    expect((await api.delete(`/posts/${post.id}?author=deleter`)).status).toBe(204);
    expectProblem(await api.get(`/posts/${post.id}`), 410, 'deleted');
  });
});
