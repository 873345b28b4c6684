import { WebSocket } from 'ws';

import type { FetchLike, WebSocketLike } from '../src/index.js';
import { BEGINNING } from './support/notifier.js';
import { cleanUp, follow, follower, post, startNotifier, TRANSPORTS } from './support/setup.js';
import { until } from './support/until.js';
import type { Visit } from './support/visit.js';

afterEach(async () => {
  jest.restoreAllMocks();
  await cleanUp();
});

/** So long that nothing happens by itself while a test runs. */
const HOUR = 3_600_000;

describe.each(TRANSPORTS)('over %s', (transport) => {
  it('closes while it is connecting, and comes never live', async () => {
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      visit.hang();
    });
    const ada = follow(transport, { url: notifier.url });
    await until(() => notifier.visits.length === 1, 'it is connecting');
    ada.client.close();
    await until(() => notifier.open === 0, 'the attempt is ended');
    expect(ada.states).toEqual([{ state: 'connecting', transport }, { state: 'closed' }]);
    expect(ada.errors).toEqual([]);
  });

  it('closes at once after it began', async () => {
    const notifier = await startNotifier();
    const ada = follow(transport, { url: notifier.url });
    ada.client.close();
    const bob = follow(transport, { url: notifier.url, user: 'bob' });
    await bob.untilLive();
    await until(() => notifier.open === 1, 'one is connected');
    expect(ada.client.state).toEqual({ state: 'closed' });
    expect(ada.lives).toBe(0);
  });

  it('closes while it is live, and tells nothing more', async () => {
    const notifier = await startNotifier();
    const ada = follow(transport, { url: notifier.url, lastEventId: BEGINNING });
    notifier.publish('post', post('one'));
    await ada.untilTold(1);
    ada.client.close();
    ada.client.close();
    notifier.publish('post', post('two'));
    await until(() => notifier.open === 0, 'the connection is ended');
    expect(ada.told).toHaveLength(1);
    expect(ada.states.filter(({ state }) => state === 'closed')).toHaveLength(1);
  });

  it('closes in a listener, and tells nothing of what came along', async () => {
    const notifier = await startNotifier();
    for (const text of ['one', 'two', 'three']) notifier.publish('post', post(text));
    const ada = follower(transport, { url: notifier.url, lastEventId: BEGINNING });
    ada.client.on('post', () => {
      ada.client.close();
    });
    ada.client.connect();
    await until(() => notifier.open === 0 && notifier.visits.length === 1, 'the connection is ended');
    expect(ada.events).toEqual([post('one')]);
    expect(ada.client.lastEventId).toBe(notifier.log[0]?.id);
  });

  it.each(['connecting', 'live', 'waiting'] as const)(
    'closes when it is told that it is %s',
    async (wanted) => {
      const notifier = await startNotifier();
      const ada = follower(transport, { url: notifier.url });
      ada.client.on('state', ({ state }) => {
        if (state === wanted) ada.client.close();
      });
      notifier.acts.push((visit) => {
        if (wanted === 'waiting') visit.refuse(500);
        else visit.accept();
      });
      ada.client.connect();
      await until(() => ada.client.state.state === 'closed', 'it is closed');
      const bob = follow(transport, { url: notifier.url, user: 'bob' });
      await bob.untilLive();
      await until(() => notifier.open === 1, 'bob alone is connected');
      expect(notifier.visits).toHaveLength(wanted === 'connecting' ? 1 : 2);
      expect(ada.states.at(-2)?.state).toBe(wanted);
      expect(ada.states.at(-1)).toEqual({ state: 'closed' });
    },
  );

  it('closes when it is told that it is live again, and tells no resync until it is asked to go on', async () => {
    const notifier = await startNotifier({ sendsPositions: false });
    const ada = follower(transport, { url: notifier.url });
    ada.client.on('state', ({ state }) => {
      if (state === 'live' && ada.lives === 2) ada.client.close();
    });
    ada.client.connect();
    await ada.untilLive();
    notifier.visits[0]?.drop();
    await until(() => ada.client.state.state === 'closed', 'it is closed');
    expect(ada.told).toEqual([]);
    ada.client.connect();
    await ada.untilTold(1);
    expect(ada.told).toEqual([['resync', { reason: 'no-position' }]]);
  });

  it('closes when it is told an error', async () => {
    const notifier = await startNotifier();
    const ada = follower(transport, { url: notifier.url });
    ada.client.on('error', () => {
      ada.client.close();
    });
    notifier.acts.push((visit) => {
      visit.drop();
    });
    ada.client.connect();
    await until(() => ada.client.state.state === 'closed', 'it is closed');
    expect(ada.states.map(({ state }) => state)).toEqual(['connecting', 'closed']);
  });

  it('connects once, however often it is told to, and again when it was closed', async () => {
    const notifier = await startNotifier();
    const ada = follow(transport, { url: notifier.url });
    ada.client.connect();
    await ada.untilLive();
    ada.client.connect();
    ada.client.close();
    ada.client.connect();
    await ada.untilLive(2);
    await until(() => notifier.open === 1, 'one is connected');
    expect(notifier.visits).toHaveLength(2);
  });
});

describe('an attempt that was given up', () => {
  it('does not become live over a `fetch` that knows no signals', async () => {
    const notifier = await startNotifier();
    const visits: Visit[] = [];
    notifier.acts.push((visit) => visits.push(visit));
    const deaf: FetchLike = (url, { headers }) => fetch(url, { headers });
    const ada = follow('sse', { url: notifier.url, fetch: deaf });
    await until(() => visits.length === 1, 'it is connecting');
    ada.client.close();
    visits[0]?.accept();
    await until(() => notifier.open === 0, 'the connection is let go of');
    expect(ada.lives).toBe(0);
  });

  it('does not become live over a WebSocket that opens all the same', async () => {
    class Late implements WebSocketLike {
      private open: () => void = () => undefined;
      addEventListener(type: string, listener: (event: never) => void): void {
        if (type === 'open') this.open = listener as () => void;
      }
      close(): void {
        this.open();
      }
      send(): void {
        // Nobody is there.
      }
    }
    const ada = follow('websocket', { url: 'http://localhost', webSocket: Late });
    ada.client.close();
    expect(ada.states.map(({ state }) => state)).toEqual(['connecting', 'closed']);
    await Promise.resolve();
    expect(ada.lives).toBe(0);
  });
});

describe('a socket', () => {
  it('of a server that is silent is not waited for', async () => {
    const notifier = await startNotifier();
    let terminated = 0;
    class Watched extends WebSocket {
      override terminate(): void {
        terminated += 1;
        super.terminate();
      }
    }
    notifier.acts.push((visit) => {
      visit.accept();
      visit.request.socket.pause();
    });
    const ada = follow('websocket', { url: notifier.url, webSocket: Watched, silenceTimeoutMs: 100 });
    await until(() => ada.errors.length > 0, 'it is given up');
    expect(ada.errors[0]?.code).toBe('silent');
    // With a farewell it would be closing for half a minute.
    expect(terminated).toBeGreaterThan(0);
  });

  it('of a client that is closed says farewell', async () => {
    const notifier = await startNotifier();
    const ada = follow('websocket', { url: notifier.url });
    await ada.untilLive();
    const codes: number[] = [];
    const visit = notifier.visits[0] as unknown as { socket: WebSocket };
    visit.socket.on('close', (code) => codes.push(code));
    ada.client.close();
    await until(() => codes.length > 0, 'the server has seen the end');
    // "No status received" is the end of a `close()`; 1006 would be that of a connection that broke.
    expect(codes).toEqual([1005]);
  });
});

describe('no timer is left', () => {
  type Timers = readonly ['setInterval', 'clearInterval'] | readonly ['setTimeout', 'clearTimeout'];
  /** How many timers of such a length were begun, and not stopped. */
  function watch([begin, stop]: Timers, length: number): () => number {
    const begun = jest.spyOn(globalThis, begin);
    const stopped = jest.spyOn(globalThis, stop);
    return () => {
      const gone = new Set(stopped.mock.calls.map(([timer]) => timer));
      return begun.mock.results.filter(
        ({ value }, i) => begun.mock.calls[i]?.[1] === length && !gone.has(value as NodeJS.Timeout),
      ).length;
    };
  }

  it.each(TRANSPORTS)('by a connection over %s', async (transport) => {
    const left = watch(['setInterval', 'clearInterval'], HOUR / 5);
    const notifier = await startNotifier();
    const ada = follow(transport, { url: notifier.url, silenceTimeoutMs: HOUR, connectTimeoutMs: HOUR });
    await ada.untilLive();
    notifier.visits[0]?.drop();
    await ada.untilLive(2);
    expect(left()).toBe(1);
    ada.client.close();
    expect(left()).toBe(0);
  });

  it.each(['later', 'when it is told that it waits'])('by a wait, where it is closed %s', async (when) => {
    jest.spyOn(Math, 'random').mockReturnValue(1);
    const left = watch(['setTimeout', 'clearTimeout'], HOUR);
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      visit.refuse(500);
    });
    const ada = follower('sse', { url: notifier.url, retryMs: HOUR, maxRetryMs: HOUR });
    ada.client.on('state', ({ state }) => {
      if (state === 'waiting' && when !== 'later') ada.client.close();
    });
    ada.client.connect();
    await until(() => ada.states.some(({ state }) => state === 'waiting'), 'it waits');
    if (when === 'later') await until(() => left() === 1, 'the timer runs');
    ada.client.close();
    const bob = follow('sse', { url: notifier.url, user: 'bob' });
    await bob.untilLive();
    expect(left()).toBe(0);
  });
});
