import { type Caller, cleanUp, expectProblem, ownRedis } from 'test-support';

import { publish, startService } from './support/system.js';

const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  '/posts': ['post'],
  '/posts/{id}': ['get', 'patch', 'delete'],
  '/posts/{id}/delivery': ['get'],
  '/users/{user}': ['get'],
  '/users/{user}/posts': ['get'],
  '/users/{user}/following': ['get'],
  '/users/{user}/followers': ['get'],
  '/users/{user}/following/{author}': ['put', 'delete'],
  '/import': ['post'],
};

describe('post-service', () => {
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
    await publish(api, 'ada');
    const { status, headers, body } = await api.get('/metrics');
    expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('text/plain')]);
    expect(body).toMatch(/^http_request_duration_seconds_count\{.*route="\/posts"/m);
    expect(body).not.toContain('ada');
  });

  it('describes every call', async () => {
    const { status, body } = await api.get('/openapi.json');
    expect(status).toBe(200);
    const { paths } = body as { paths: Record<string, object> };
    for (const [path, methods] of Object.entries(OPERATIONS)) {
      expect(Object.keys(paths[path] ?? {})).toEqual(expect.arrayContaining([...methods]));
    }
  });

  it('has a page for people', async () => {
    const { status, headers, body } = await api.get('/docs');
    expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
    expect(body).toContain("fetch('openapi.json')");
  });

  it.each([
    '/',
    '/post',
    '/posts/1/2',
    '/users',
    '/users/a/b',
    '/timelines/ada',
    '/posts/1700000000000000000/',
  ])('is 404 for the path %s', async (path) => {
    expectProblem(await api.get(path), 404, 'not-found');
    expectProblem(await api.sendJson('POST', path, '{'), 404, 'not-found');
  });

  it.each([
    ['PUT', '/posts', 'POST'],
    ['GET', '/posts', 'POST'],
    ['POST', '/posts/1700000000000000000', 'DELETE, GET, HEAD, PATCH'],
    ['DELETE', '/posts/1700000000000000000/delivery', 'GET, HEAD'],
    ['POST', '/users/ada', 'GET, HEAD'],
    ['DELETE', '/users/ada/posts', 'GET, HEAD'],
    ['POST', '/users/ada/following', 'GET, HEAD'],
    ['PATCH', '/users/ada/followers', 'GET, HEAD'],
    ['GET', '/users/ada/following/bob', 'DELETE, PUT'],
    ['GET', '/import', 'POST'],
  ])('is 405 for %s %s', async (method, path, allow) => {
    const answer = await api.send(method, path);
    expectProblem(answer, 405, 'method-not-allowed');
    const allowed = String(answer.headers.allow).split(', ').sort();
    expect(allowed.filter((name) => name !== 'OPTIONS').join(', ')).toBe(allow);
  });

  it('is 400 for a path that is not well encoded', async () => {
    expectProblem(await api.get('/users/%zz'), 400, 'invalid-request');
  });
});
