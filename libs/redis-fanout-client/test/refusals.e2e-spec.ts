import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import type { ClientState, FetchLike } from '../src/index.js';
import { BEGINNING } from './support/notifier.js';
import { cleanUp, follow, post, startNotifier, TRANSPORTS } from './support/setup.js';
import { until } from './support/until.js';
import type { SseVisit } from './support/visit.js';

afterEach(async () => {
  jest.restoreAllMocks();
  await cleanUp();
});

/** An address where nobody listens. */
async function nowhere(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

const delays = (states: readonly ClientState[]): number[] =>
  states.flatMap((state) => (state.state === 'waiting' ? [state.delayMs] : []));

describe.each(TRANSPORTS)('over %s', (transport) => {
  it('tries again for as long as nobody answers, and says so', async () => {
    const ada = follow(transport, { url: await nowhere(), webSocketAttempts: 100 });
    await until(() => ada.errors.length >= 5, 'it has tried five times');
    expect(
      ada.errors.every((error) => error.code === 'connect-failed' && error.transport === transport),
    ).toBe(true);
    expect(ada.errors[0]).toHaveProperty('cause.message');
    expect(ada.lives).toBe(0);
  });

  it('waits longer after each failure, up to the limit', async () => {
    const options = { url: await nowhere(), retryMs: 1, maxRetryMs: 8, webSocketAttempts: 100 };
    const ada = follow(transport, options);
    await until(() => delays(ada.states).length >= 60, 'it has tried often');
    expect(
      delays(ada.states)
        .slice(0, 1)
        .every((ms) => ms <= 1),
    ).toBe(true);
    expect(Math.max(...delays(ada.states))).toBeGreaterThan(4);
    expect(Math.max(...delays(ada.states))).toBeLessThanOrEqual(8);
  });

  it('waits a short time again behind a connection that was in order', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(1);
    const notifier = await startNotifier();
    for (let i = 0; i < 3; i++) {
      notifier.acts.push((visit) => {
        visit.drop();
      });
    }
    const options = { webSocketAttempts: 100, retryMs: 1, maxRetryMs: 1000, healthyAfterMs: 0 };
    const ada = follow(transport, { url: notifier.url, ...options });
    await ada.untilLive();
    notifier.visits.at(-1)?.drop();
    await ada.untilLive(2);
    expect(delays(ada.states)).toEqual([1, 2, 4, 1]);
  });

  it('gives up a server that never answers, and tries again', async () => {
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      visit.hang();
    });
    const ada = follow(transport, { url: notifier.url, connectTimeoutMs: 500, lastEventId: BEGINNING });
    await ada.untilLive();
    expect(ada.errors).toMatchObject([{ code: 'connect-timeout', transport }]);
    await until(() => notifier.open === 1, 'the first connection is closed');
  });

  it('gives up a connection that is half open, and goes on where it was', async () => {
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      visit.accept();
      visit.send(notifier.publish('post', post('one')));
      visit.send({ id: notifier.end, event: 'position', data: {} });
      // From here on it hears nothing, and says nothing.
      visit.request.socket.pause();
    });
    const ada = follow(transport, { url: notifier.url, lastEventId: BEGINNING, silenceTimeoutMs: 300 });
    await until(() => ada.errors.length > 0, 'it is given up');
    notifier.publish('post', post('two'));
    await ada.untilTold(2);
    expect(ada.events).toEqual([post('one'), post('two')]);
    expect(ada.errors[0]).toMatchObject({ code: 'silent', transport });
  });
});

describe('over sse', () => {
  it.each([
    ['in seconds', '60'],
    ['as a date', new Date(Date.now() + 3_600_000).toUTCString()],
  ])('waits as long as a 503 says %s', async (_how, retryAfter) => {
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      visit.refuse(503, { 'retry-after': retryAfter });
    });
    const ada = follow('sse', { url: notifier.url });
    await until(() => ada.client.state.state === 'waiting', 'it waits');
    expect(delays(ada.states)[0]).toBeGreaterThanOrEqual(60_000);
    expect(ada.errors).toMatchObject([{ code: 'refused', status: 503 }]);
  });

  it.each([400, 401, 403, 404, 429, 500, 502, 503, 204])('tries again after a %d', async (status) => {
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      visit.refuse(status);
    });
    const ada = follow('sse', { url: notifier.url });
    await ada.untilLive();
    expect(ada.errors).toMatchObject([{ code: 'refused', status, transport: 'sse' }]);
  });

  it('does not take the page of a network that wants a login for events', async () => {
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      visit.refuse(200, { 'content-type': 'text/html' });
    });
    const ada = follow('sse', { url: notifier.url });
    await ada.untilLive();
    expect(ada.errors).toMatchObject([
      { code: 'refused', status: 200, message: 'the server answered 200 with text/html' },
    ]);
  });

  it('does not take the events of an answer that is an error for events', async () => {
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      visit.refuse(500, { 'content-type': 'text/event-stream' });
    });
    const ada = follow('sse', { url: notifier.url });
    await ada.untilLive();
    expect(ada.errors).toMatchObject([{ code: 'refused', status: 500 }]);
  });

  it('lets go of connections also where a `fetch` of the caller knows no signals', async () => {
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      (visit as SseVisit).response
        .writeHead(503, { 'content-type': 'text/plain' })
        .write('an answer without an end');
    });
    const deaf: FetchLike = (url, { headers }) => fetch(url, { headers });
    const ada = follow('sse', { url: notifier.url, fetch: deaf });
    await ada.untilLive();
    await until(() => notifier.open === 1, 'the first connection is let go of');
    ada.client.close();
    await until(() => notifier.open === 0, 'the second one is, too');
    expect(ada.errors).toMatchObject([{ code: 'refused', status: 503 }]);
  });

  it('sends headers, made anew for each connection, and survives those that cannot be made', async () => {
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      visit.refuse(401);
    });
    let calls = 0;
    const headers = async (): Promise<Record<string, string>> => {
      calls += 1;
      if (calls === 2) return Promise.reject(new Error('no token'));
      return Promise.resolve({ authorization: `Bearer ${calls}` });
    };
    const ada = follow('sse', { url: notifier.url, headers });
    await ada.untilLive();
    expect(notifier.visits.map(({ request }) => request.headers.authorization)).toEqual([
      'Bearer 1',
      'Bearer 3',
    ]);
    expect(notifier.visits.map(({ request }) => request.headers.accept)).toEqual([
      'text/event-stream',
      'text/event-stream',
    ]);
    expect(ada.errors).toMatchObject([{ code: 'refused' }, { code: 'connect-failed', message: 'no token' }]);
  });

  it('gives up headers that never come', async () => {
    const notifier = await startNotifier();
    let calls = 0;
    const headers = (): Promise<Record<string, string>> =>
      ++calls === 1 ? new Promise(() => undefined) : Promise.resolve({});
    const ada = follow('sse', { url: notifier.url, headers, connectTimeoutMs: 500 });
    await ada.untilLive();
    expect(ada.errors).toMatchObject([{ code: 'connect-timeout' }]);
    expect(notifier.visits).toHaveLength(1);
  });
});
