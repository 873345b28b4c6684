import { type Act, BEGINNING, type Notifier } from './support/notifier.js';
import { cleanUp, follow, post, startNotifier } from './support/setup.js';

afterEach(cleanUp);

/** Does something to WebSockets alone. */
const onWebSockets =
  (act: Act): Act =>
  (visit, notifier) => {
    if (visit.transport === 'websocket') act(visit, notifier);
    else notifier.serve(visit);
  };

const tried = ({ visits }: Notifier): string => visits.map(({ transport }) => transport[0]).join('');

describe('a client whose WebSockets come to nothing', () => {
  it.each<readonly [string, Act]>([
    [
      'as a proxy refuses them',
      (visit) => {
        visit.refuse(403);
      },
    ],
    [
      'as a proxy drops them',
      (visit) => {
        visit.drop();
      },
    ],
    [
      'as a proxy swallows them',
      (visit) => {
        visit.hang();
      },
    ],
    [
      'as a proxy opens them and passes nothing on',
      (visit) => {
        visit.accept();
      },
    ],
    [
      'as a proxy opens and breaks them',
      (visit) => {
        visit.accept();
        setImmediate(() => {
          visit.drop();
        });
      },
    ],
  ])('%s falls back to Server-Sent Events, and misses nothing', async (_what, act) => {
    const notifier = await startNotifier();
    notifier.usually = onWebSockets(act);
    notifier.publish('post', post('one'));
    const options = { connectTimeoutMs: 500, silenceTimeoutMs: 500, webSocketAttempts: 3 };
    const ada = follow('websocket', { url: notifier.url, lastEventId: BEGINNING, ...options });
    await ada.untilTold(1);
    expect(ada.client.state).toEqual({ state: 'live', transport: 'sse' });
    expect(tried(notifier)).toBe('wwws');
    expect(ada.events).toEqual([post('one')]);
  });

  it('keeps to the other transport for a while, and then tries a WebSocket, once at a time', async () => {
    const notifier = await startNotifier();
    const refuse: Act = (visit) => {
      visit.refuse(403);
    };
    notifier.usually = onWebSockets(refuse);
    const ada = follow('websocket', { url: notifier.url, lastEventId: BEGINNING, webSocketRetryMs: 0 });
    await ada.untilLive();
    notifier.visits.at(-1)?.drop();
    await ada.untilLive(2);
    expect(tried(notifier)).toBe('wwsws');
    notifier.usually = (visit) => {
      notifier.serve(visit);
    };
    notifier.visits.at(-1)?.drop();
    await ada.untilLive(3);
    expect(ada.client.state).toEqual({ state: 'live', transport: 'websocket' });
  });

  it('does not try them again before their time', async () => {
    const notifier = await startNotifier();
    notifier.usually = onWebSockets((visit) => {
      visit.refuse(403);
    });
    const ada = follow('websocket', { url: notifier.url, lastEventId: BEGINNING });
    await ada.untilLive();
    for (const times of [2, 3, 4]) {
      notifier.visits.at(-1)?.drop();
      await ada.untilLive(times);
    }
    expect(tried(notifier)).toBe('wwssss');
  });

  it('stays with WebSockets where Server-Sent Events cannot be had either', async () => {
    const notifier = await startNotifier();
    notifier.acts.push(
      ...Array.from({ length: 6 }, (): Act => (visit) => {
        visit.refuse(503);
      }),
    );
    const ada = follow('websocket', { url: notifier.url, lastEventId: BEGINNING });
    await ada.untilLive();
    expect(tried(notifier)).toBe('wwswwsw');
  });
});

describe('a WebSocket that fell silent', () => {
  it.each([
    ['came to nothing where the server sent no positions, as it may be dead', false, 'wws'],
    ['was of use where it sent one', true, 'www'],
  ])('%s', async (_what, sendsPositions, expected) => {
    const notifier = await startNotifier({ sendsPositions });
    const ada = follow('websocket', { url: notifier.url, lastEventId: BEGINNING, silenceTimeoutMs: 500 });
    notifier.publish('post', post('one'));
    await ada.untilLive(3);
    expect(ada.errors.slice(0, 2)).toMatchObject([{ code: 'silent' }, { code: 'silent' }]);
    expect(tried(notifier)).toBe(expected);
    expect(ada.told).toEqual([['post', post('one')]]);
  });
});

describe('the choice', () => {
  it('falls on Server-Sent Events where there are headers, or no WebSocket is wanted', async () => {
    const notifier = await startNotifier();
    const own = globalThis as { WebSocket?: unknown };
    const before = own.WebSocket;
    own.WebSocket = function () {
      throw new Error('not to be used');
    };
    try {
      const withHeaders = follow('websocket', { url: notifier.url, headers: {}, webSocket: undefined });
      const without = follow('websocket', { url: notifier.url, webSocket: false });
      const plain = follow('websocket', { url: notifier.url, webSocket: undefined });
      await Promise.all([withHeaders.untilLive(), without.untilLive(), plain.untilLive()]);
      expect([...withHeaders.errors, ...without.errors]).toEqual([]);
      // One that throws when it is made is one that comes to nothing.
      expect(plain.errors.map(({ message }) => message)).toEqual(['not to be used', 'not to be used']);
    } finally {
      own.WebSocket = before;
    }
  });
});
