import { type Service } from '../src/index.js';
import { startExample } from './example.app.js';
import { problemOf, send, sendJson, sendRaw } from './wire.js';

describe('problems over HTTP', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startExample();
  });

  afterAll(async () => {
    await service.app.close();
  });

  it.each([
    ['blocked', 403, undefined],
    ['not-found', 404, undefined],
    ['idempotency-conflict', 409, undefined],
    ['deleted', 410, undefined],
    ['rate-limited', 429, '2'],
    ['backlog-full', 503, '5'],
    ['storage-unavailable', 503, '3'],
    ['internal-error', 500, undefined],
  ])('%s is a %d, with Retry-After %s', async (code, status, retryAfter) => {
    const answer = await send(service.url, `/throw/${code}`);
    expect(problemOf(answer)).toMatchObject({ code, status });
    expect(answer.headers['retry-after']).toBe(retryAfter);
    expect(answer.text).not.toContain('secret');
  });

  it('asks the app what its own errors mean', async () => {
    const answer = await send(service.url, '/throw/mapped');
    expect(problemOf(answer)).toMatchObject({ code: 'storage-unavailable', status: 503 });
    expect(answer.headers['retry-after']).toBe('2');
  });

  it.each([['/nothing'], ['/posts/'], ['/users//posts'], ['/'], ['/posts/1/2/3']])(
    '%s is unknown',
    async (path) => {
      expect(problemOf(await send(service.url, path)).code).toBe('not-found');
    },
  );

  it('takes an unknown path for unknown whatever its body is', async () => {
    const answer = await send(service.url, '/nothing', {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'x'.repeat(100_000),
    });
    expect(problemOf(answer).code).toBe('not-found');
  });

  it.each([
    ['POST', '/posts/1234567890123456789', 'DELETE, GET, HEAD, OPTIONS'],
    ['GET', '/posts', 'OPTIONS, POST'],
    ['HEAD', '/import', 'OPTIONS, POST'],
    ['PROPFIND', '/posts', 'OPTIONS, POST'],
    ['PATCH', '/users/a/following/b', 'OPTIONS, PUT'],
    ['DELETE', '/health/live', 'GET, HEAD, OPTIONS'],
  ])('%s %s is 405 with Allow: %s', async (method, path, allow) => {
    const answer = await send(service.url, path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe(allow);
    expect(answer.headers['content-type']).toBe('application/problem+json');
  });

  it('answers OPTIONS with the methods of a path', async () => {
    const answer = await send(service.url, '/posts?x=1', { method: 'OPTIONS' });
    expect(answer).toMatchObject({ status: 204, text: '' });
    expect(answer.headers.allow).toBe('OPTIONS, POST');
    expect((await send(service.url, '/nothing', { method: 'OPTIONS' })).status).toBe(404);
  });

  it('answers HEAD as GET without a body', async () => {
    const answer = await send(service.url, '/posts/1234567890123456789', { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(answer.headers['content-type']).toContain('application/json');
    const unknown = await send(service.url, '/nothing', { method: 'HEAD' });
    expect(unknown).toMatchObject({ status: 404, text: '' });
  });

  it.each([['/posts/%zz'], ['/posts/%ff'], ['/posts/%'], [`/posts/${'9'.repeat(2000)}`]])(
    'refuses the malformed path %#',
    async (path) => {
      expect(problemOf(await send(service.url, path))).toMatchObject({
        code: 'invalid-request',
        status: 400,
      });
    },
  );

  it.each([['?cursor=%zz'], ['?cursor=%ff'], ['?limit=1&limit=2'], ['?cursor=a&limit=1&cursor=a']])(
    'refuses the query %s',
    async (query) => {
      expect(problemOf(await send(service.url, `/users/a/posts${query}`)).code).toBe('invalid-request');
    },
  );

  it('names the parameter that is given twice', async () => {
    const { errors } = problemOf(await send(service.url, '/users/a/posts?limit=1&limit=2'));
    expect(errors).toEqual([{ field: 'limit', message: 'is given more than once' }]);
  });

  it('answers what is not HTTP', async () => {
    const text = await sendRaw(service.url, 'NONSENSE\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1.1 400 Bad Request\r\ncontent-type: application\/problem\+json\r\n/);
    expect(text).toContain('urn:redis-fanout:problem:invalid-request');
  });

  it('answers headers that are too large', async () => {
    const text = await sendRaw(service.url, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1.1 431 /);
    expect(text).toContain('application/problem+json');
  });

  it('cuts the connection where a streamed answer breaks off', async () => {
    await expect(send(service.url, '/broken-stream')).rejects.toThrow(/aborted|hang up|reset/);
  });

  it('keeps going after all of that', async () => {
    const answer = await sendJson(service.url, 'POST', '/posts', { author: 'a', text: 'b' });
    expect(answer.status).toBe(201);
  });
});
