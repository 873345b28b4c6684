import { type Answer, type Caller, cleanUp, expectInvalid, expectProblem, ownRedis } from 'test-support';
import { WebSocket } from 'ws';

import { readConfig } from '../src/config.js';
import { EventStream } from './support/event-stream.js';
import { startNotifier } from './support/system.js';
import { refusal } from './support/web-socket.js';

const OURS = 'https://example.org';
const OTHERS = 'http://localhost:8080';
const FOREIGN = ['https://evil.example', 'http://example.org', 'https://example.org:8443', 'null'];

/** The headers of an answer that are for browsers and caches. */
function forBrowsers({ headers }: Pick<Answer, 'headers'>): Record<string, unknown> {
  const names = Object.keys(headers).filter((name) => name.startsWith('access-control-') || name === 'vary');
  return Object.fromEntries(names.map((name) => [name, headers[name]]));
}

async function start(corsOrigin: string, more: Record<string, string> = {}): Promise<Caller> {
  return (await startNotifier(await ownRedis(), { CORS_ORIGIN: corsOrigin, ...more })).api;
}

async function preflight(api: Caller, path: string, origin: string): Promise<Answer> {
  const headers = {
    origin,
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'authorization,last-event-id',
  };
  return api.send('OPTIONS', path, { headers });
}

/** Whether a page of an origin gets its WebSocket; undefined is no page. */
async function opens({ url }: Caller, origin: string | undefined): Promise<boolean> {
  const options = origin === undefined ? {} : { origin };
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws?user=ada`, options);
  return new Promise((resolve) => {
    socket.once('error', () => {
      resolve(false);
    });
    socket.once('open', () => {
      resolve(true);
      socket.terminate();
    });
  });
}

afterEach(cleanUp);

describe('GET /stream for pages of other origins', () => {
  it('says nothing of them where CORS_ORIGIN is not set', async () => {
    const api = await start('');
    const { response } = await EventStream.open(api, 'ada', { headers: { origin: OURS } });
    expect(forBrowsers(response)).toEqual({});
    expect(forBrowsers(await preflight(api, '/stream?user=ada', OURS))).toEqual({});
  });

  it('can be read by those of CORS_ORIGIN, and by no other', async () => {
    const api = await start(`${OURS}, ${OTHERS}`);
    for (const origin of [OURS, OTHERS]) {
      const { response } = await EventStream.open(api, 'ada', { headers: { origin } });
      expect(forBrowsers(response)).toEqual({
        'access-control-allow-origin': origin,
        'access-control-expose-headers': 'Retry-After',
        vary: 'Origin',
      });
    }
    for (const origin of FOREIGN) {
      const { response } = await EventStream.open(api, 'ada', { headers: { origin } });
      expect(forBrowsers(response)).toEqual({ vary: 'Origin' });
    }
    const { response } = await EventStream.open(api, 'ada');
    expect(forBrowsers(response)).toEqual({ vary: 'Origin' });
  });

  it('can be read by all where it is *', async () => {
    const api = await start('*');
    for (const origin of [OURS, ...FOREIGN]) {
      const { response } = await EventStream.open(api, 'ada', { headers: { origin } });
      expect(forBrowsers(response)).toEqual({
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'Retry-After',
      });
    }
  });

  it('lets them send where they go on, and who they are', async () => {
    const api = await start(OURS);
    const { status, headers } = await preflight(api, '/stream?user=ada', OURS);
    expect(status).toBe(204);
    expect(forBrowsers({ headers })).toEqual({
      'access-control-allow-origin': OURS,
      'access-control-allow-methods': 'GET',
      'access-control-allow-headers': 'Last-Event-ID, Authorization',
      'access-control-expose-headers': 'Retry-After',
      'access-control-max-age': '7200',
      vary: 'Origin',
    });
    expect(forBrowsers(await preflight(api, '/stream?user=ada', FOREIGN[0] ?? ''))).toEqual({
      vary: 'Origin',
    });
  });

  it('tells them why they are refused, and when to come back', async () => {
    const api = await start(OURS, { MAX_CONNECTIONS: '1' });
    await EventStream.open(api, 'ada');
    const readable = { 'access-control-allow-origin': OURS, 'access-control-expose-headers': 'Retry-After' };
    const headers = { origin: OURS };
    const full = await api.send('GET', '/stream?user=ada', { headers });
    expectProblem(full, 503, 'too-many-connections');
    expect(full.headers).toMatchObject(readable);
    for (const query of ['', '?user=a&user=b', '?user=%zz']) {
      const invalid = await api.send('GET', `/stream${query}`, { headers });
      expectInvalid(invalid);
      expect(invalid.headers).toMatchObject(readable);
    }
  });

  it('is all that they can read', async () => {
    const api = await start('*');
    for (const path of ['/metrics', '/health/ready', '/openapi.json', '/streams', '/']) {
      expect(forBrowsers(await api.send('GET', path, { headers: { origin: OURS } }))).toEqual({});
      expect(forBrowsers(await preflight(api, path, OURS))).toEqual({});
    }
  });
});

describe('GET /ws for pages', () => {
  it('is open to all where CORS_ORIGIN is not set, or *', async () => {
    for (const api of [await start(''), await start('*')]) {
      for (const origin of [OURS, ...FOREIGN, undefined]) expect(await opens(api, origin)).toBe(true);
    }
  });

  it('is open to those of CORS_ORIGIN and to what is no page, and 403 for others', async () => {
    const api = await start(`${OURS},${OTHERS}`, { MAX_CONNECTIONS_PER_USER: '1' });
    for (const origin of FOREIGN) {
      const refused = await refusal(api, '/ws?user=ada', { origin });
      expect(refused).toMatchObject({ status: 403, body: { type: 'about:blank', status: 403 } });
      expect(refused.headers['content-type']).toBe('application/problem+json');
    }
    // None of those took a place.
    const { response } = await EventStream.open(api, 'ada');
    expect(response.statusCode).toBe(200);
    expectProblem(await refusal(api, '/ws?user=ada', { origin: OURS }), 503, 'too-many-connections');
  });

  it('opens for those of CORS_ORIGIN', async () => {
    const api = await start(`${OURS},${OTHERS}`);
    for (const origin of [OURS, OTHERS, undefined]) expect(await opens(api, origin)).toBe(true);
    expect(await opens(api, FOREIGN[0])).toBe(false);
  });
});

describe('CORS_ORIGIN', () => {
  const read = (value: string): readonly string[] =>
    readConfig({ REDIS_URL: 'redis://localhost', CORS_ORIGIN: value }).corsOrigins;

  it.each([
    ['', []],
    ['*', ['*']],
    ['https://example.org', ['https://example.org']],
    [' http://localhost:8080 , https://a.example ', ['http://localhost:8080', 'https://a.example']],
    ['http://[::1]:3000', ['http://[::1]:3000']],
  ])('may be "%s"', (value, expected) => {
    expect(read(value)).toEqual(expected);
  });

  it.each([
    'example.org',
    'https://example.org/',
    'https://example.org/page',
    'https://example.org:443',
    'https://Example.org',
    'https://*.example.org',
    'https://a.example,*',
    'https://a.example,',
    'null',
    'ws://example.org',
    'file:///',
    'javascript:0',
  ])('may not be "%s"', (value) => {
    expect(() => read(value)).toThrow('CORS_ORIGIN must be * or origins such as https://example.org');
  });
});
