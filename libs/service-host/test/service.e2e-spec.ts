import { Script } from 'node:vm';

import { type OpenAPIObject } from '@nestjs/swagger';

import { createService, type Service, type ServiceSettings } from '../src/index.js';
import { exampleDefinition, type Knobs, SETTINGS_OF_TEST, startExample } from './example.app.js';
import { open, send, sendJson, until } from './wire.js';

interface Line {
  level: string;
  msg: string;
  requestId?: string;
  err?: unknown;
}

/** A destination that keeps the lines of a log. */
function logLines(): { lines: Line[]; logDestination: { write: (text: string) => void } } {
  const lines: Line[] = [];
  return { lines, logDestination: { write: (text) => lines.push(JSON.parse(text) as Line) } };
}

describe('a service', () => {
  const { lines, logDestination } = logLines();
  let service: Service & { knobs: Knobs };

  beforeAll(async () => {
    service = await startExample({ logDestination, settings: { ...SETTINGS_OF_TEST, logLevel: 'debug' } });
  });

  afterEach(() => {
    service.knobs.ready = () => undefined;
  });

  afterAll(async () => {
    await service.app.close();
  });

  const lineOf = async (requestId: string, msg: string): Promise<Line> => {
    const find = (): Line | undefined =>
      lines.find((line) => line.requestId === requestId && line.msg === msg);
    await until(find);
    return find()!;
  };

  it('says where it listens', () => {
    expect(lines.find(({ msg }) => msg === 'listening')).toMatchObject({
      url: service.url,
      service: 'example',
    });
  });

  it('keeps the limit on the time that headers take, and has none on the body', () => {
    const server = service.app.getHttpServer();
    expect(server.headersTimeout).toBe(60_000);
    expect(server.requestTimeout).toBe(0);
  });

  it("takes the caller's request id, and logs one line with it", async () => {
    const answer = await send(service.url, '/posts/1234567890123456789?x=y', {
      headers: { 'x-request-id': 'a.B-1_' },
    });
    expect(answer.headers['x-request-id']).toBe('a.B-1_');
    const line = await lineOf('a.B-1_', 'request');
    expect(line).toMatchObject({ level: 'debug', method: 'GET', route: '/posts/:id', status: 200 });
  });

  it.each([['a b'], ['x'.repeat(65)], ['<script>'], ['']])(
    'replaces the odd request id %#',
    async (given) => {
      const answer = await send(service.url, '/health/live', { headers: { 'x-request-id': given } });
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('answers with a request id on every way out', async () => {
    for (const path of ['/nothing', '/posts/%zz', '/posts/1', '/throw/internal-error']) {
      const answer = await send(service.url, path, { headers: { 'x-request-id': 'known' } });
      expect(answer.headers['x-request-id']).toBe('known');
    }
  });

  it('logs a fault of ours as one line at error, with its cause', async () => {
    await send(service.url, '/throw/internal-error', { headers: { 'x-request-id': 'fault' } });
    const line = await lineOf('fault', 'request failed');
    expect(line).toMatchObject({ level: 'error', status: 500, route: '/throw/:what' });
    expect(line.err).toMatchObject({ message: 'secret', type: 'TypeError' });
    expect(lines.filter(({ requestId, level }) => requestId === 'fault' && level === 'error')).toHaveLength(
      1,
    );
  });

  it('is alive and ready', async () => {
    expect(JSON.parse((await send(service.url, '/health/live')).text)).toEqual({ status: 'ok' });
    const ready = await send(service.url, '/health/ready');
    expect(ready.status).toBe(200);
    expect(JSON.parse(ready.text)).toMatchObject({ status: 'ok', details: { redis: { status: 'up' } } });
  });

  it('is not ready while a check fails, and says why', async () => {
    service.knobs.ready = () => Promise.reject(new Error('connection refused'));
    const answer = await send(service.url, '/health/ready');
    expect(answer.status).toBe(503);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(JSON.parse(answer.text)).toMatchObject({
      status: 'error',
      error: { redis: { status: 'down', message: 'connection refused' } },
    });
    expect(lines.some(({ msg, level }) => msg === 'readiness changed' && level === 'warn')).toBe(true);
  });

  it('gives a reason for an error without a message', async () => {
    service.knobs.ready = () =>
      Promise.reject(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }));
    expect((await send(service.url, '/health/ready')).text).toContain('"message":"ECONNREFUSED"');
  });

  it('is not ready while a check hangs', async () => {
    service.knobs.ready = () => new Promise(() => undefined);
    const answer = await send(service.url, '/health/ready');
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('timeout of 2000ms exceeded');
  });

  it('has metrics whose labels are bounded', async () => {
    for (const path of ['/posts/1111111111111111111', '/unknown/1', '/unknown/2', '/users/someone/posts']) {
      await send(service.url, path);
    }
    await send(service.url, '/unknown/3', { method: 'PROPFIND' });
    const metrics = async (): Promise<string> => (await send(service.url, '/metrics')).text;
    await until(async () => (await metrics()).includes('method="other",route="unmatched"'));
    const answer = await send(service.url, '/metrics');
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.text).toMatch(
      /http_request_duration_seconds_count\{.*method="GET",route="\/posts\/:id",status="200"/,
    );
    expect(answer.text).toContain('route="unmatched",status="404"');
    expect(answer.text).not.toMatch(/unknown|1111111111111111111|someone/);
    expect(answer.text).toContain('process_cpu_user_seconds_total');
    expect(answer.text).toContain('fanout_lag{service="example"} 7');
  });

  it('has metrics while a gauge cannot be read', async () => {
    service.knobs.lag = () => {
      throw new Error('no lag');
    };
    const answer = await send(service.url, '/metrics');
    expect(answer.status).toBe(200);
    expect(lines.some(({ msg }) => msg === 'a metric could not be collected')).toBe(true);
  });

  it('describes itself', async () => {
    const answer = await send(service.url, '/openapi.json');
    expect(answer.headers['content-type']).toContain('application/json');
    const api = JSON.parse(answer.text) as OpenAPIObject;
    expect(api.openapi).toBe('3.1.0');
    expect(api.info).toMatchObject({ title: 'example', description: 'A service for the tests' });
    expect(Object.keys(api.paths)).toEqual(
      expect.arrayContaining(['/posts', '/posts/{id}', '/health/ready', '/metrics']),
    );
    expect(Object.keys(api.paths)).not.toContain('/docs');
    expectConsistent(api, answer.text);
  });

  it('describes bodies, pages and problems', async () => {
    const api = JSON.parse((await send(service.url, '/openapi.json')).text) as OpenAPIObject;
    expect(api.components?.schemas?.CreatePost).toMatchObject({
      required: ['author', 'text'],
      properties: { text: { maxLength: 10 }, attachments: { type: 'array', maxItems: 3 } },
    });
    const { post } = api.paths['/posts']!;
    expect(post?.responses['503']).toMatchObject({
      description: expect.stringMatching(/backlog-full.*storage-unavailable/) as string,
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      headers: { 'Retry-After': {} },
    });
    const { get } = api.paths['/users/{user}/posts']!;
    expect(get?.parameters).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'limit', in: 'query', required: false })]),
    );
  });

  it('has a page for people that loads nothing from elsewhere', async () => {
    const answer = await send(service.url, '/docs');
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.text).toContain('<script>');
    expect(answer.text).not.toMatch(/https?:\/\//);
    const script = /<script>([\s\S]*)<\/script>/.exec(answer.text)?.[1] ?? '';
    expect(() => new Script(script)).not.toThrow();
  });

  it('does not blame itself for a caller that goes away', async () => {
    for (const path of ['/import', '/posts']) {
      const socket = await open(service.url);
      const headers =
        'Host: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\nX-Request-Id: gone';
      socket.write(`POST ${path} HTTP/1.1\r\n${headers}${path.slice(1)}\r\n\r\nfirst\n`);
      if (path === '/import') {
        await until(() => socket.bytesRead > 0);
      }
      socket.destroy();
      const line = await lineOf(`gone${path.slice(1)}`, 'request');
      expect(line).toMatchObject({ level: 'debug', complete: false });
    }
    expect(
      lines.filter(({ level, requestId }) => level === 'error' && requestId?.startsWith('gone')),
    ).toEqual([]);
  });

  it('gives the log lines of a request its id', async () => {
    service.knobs.ready = () => {
      throw new Error('as seen from within');
    };
    await send(service.url, '/health/ready', { headers: { 'x-request-id': 'within' } });
    expect(await lineOf('within', 'readiness changed')).toMatchObject({ level: 'warn' });
  });
});

/** Every reference leads somewhere, every path parameter is declared, and no two operations share an id. */
function expectConsistent(api: OpenAPIObject, text: string): void {
  for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    expect(Object.keys(api.components?.schemas ?? {})).toContain(name);
  }
  const ids: unknown[] = [];
  for (const [path, item] of Object.entries(api.paths)) {
    for (const operation of Object.values(item) as {
      operationId: string;
      parameters: { name: string }[];
      responses: object;
    }[]) {
      ids.push(operation.operationId);
      expect(Object.keys(operation.responses)).not.toHaveLength(0);
      const declared = operation.parameters.map(({ name }) => name);
      expect(declared).toEqual(
        expect.arrayContaining([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)),
      );
    }
  }
  expect(new Set(ids).size).toBe(ids.length);
}

describe('starting a service', () => {
  it('warns where others can reach it', async () => {
    const { lines, logDestination } = logLines();
    const settings: ServiceSettings = { port: 0, host: '0.0.0.0', logLevel: 'info' };
    const service = await startExample({ logDestination, settings });
    await service.app.close();
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
      ['warn', 'no authentication: reachable from other machines'],
      ['info', 'listening'],
    ]);
  });

  it('rejects where the port is taken, and leaves nothing open', async () => {
    const first = await startExample();
    const settings = { ...SETTINGS_OF_TEST, port: Number(new URL(first.url).port) };
    await expect(createService({ ...exampleDefinition, settings })).rejects.toThrow(/EADDRINUSE/);
    expect((await sendJson(first.url, 'POST', '/posts', { author: 'a', text: 'b' })).status).toBe(201);
    await first.app.close();
  });

  it('rejects where the app cannot be configured', async () => {
    const configure = (): void => {
      throw new Error('Redis refused');
    };
    await expect(startExample({ configure })).rejects.toThrow('Redis refused');
  });
});
