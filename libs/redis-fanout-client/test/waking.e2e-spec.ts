import { BEGINNING } from './support/notifier.js';
import { cleanUp, follow, post, startNotifier, TRANSPORTS } from './support/setup.js';
import { until } from './support/until.js';

afterEach(async () => {
  jest.restoreAllMocks();
  await cleanUp();
});

/** So long that nothing happens by itself while a test runs. */
const HOUR = 3_600_000;

/** A clock on the wall that goes on only when it is told to, as seen by who slept meanwhile. */
function stoppedClock(): { sleep(ms: number): void } {
  let now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  return { sleep: (ms) => (now += ms) };
}

describe.each(TRANSPORTS)('over %s', (transport) => {
  it('keeps a connection that says where it is, and after a sleep gives up one that does not', async () => {
    const clock = stoppedClock();
    const notifier = await startNotifier();
    const ada = follow(transport, { url: notifier.url, silenceTimeoutMs: HOUR });
    await until(() => ada.client.lastEventId === BEGINNING, 'the server has said where it is');
    for (const id of ['1', '2', '3']) {
      clock.sleep(HOUR - 1);
      notifier.visits[0]?.send({ id, event: 'position', data: {} });
      await until(() => ada.client.lastEventId === id, 'it has moved on');
      ada.client.wake();
    }
    expect(ada.errors).toEqual([]);
    clock.sleep(HOUR);
    ada.client.wake();
    await ada.untilLive(2);
    expect(ada.errors).toMatchObject([{ code: 'silent', transport }]);
    expect(notifier.visits[1]?.resumesFrom).toBe('3');
  });

  it('gives up an attempt that was begun before a sleep', async () => {
    const clock = stoppedClock();
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      visit.hang();
    });
    const ada = follow(transport, { url: notifier.url, connectTimeoutMs: HOUR });
    await until(() => notifier.visits.length === 1, 'it is connecting');
    clock.sleep(HOUR);
    ada.client.wake();
    await ada.untilLive();
    expect(ada.errors).toMatchObject([{ code: 'connect-timeout' }]);
  });
});

describe('in a page', () => {
  const own = globalThis as { addEventListener?: unknown; removeEventListener?: unknown };
  let page: EventTarget;
  beforeEach(() => {
    page = new EventTarget();
    own.addEventListener = page.addEventListener.bind(page);
    own.removeEventListener = page.removeEventListener.bind(page);
  });
  afterEach(() => {
    delete own.addEventListener;
    delete own.removeEventListener;
  });

  it.each(['online', 'visibilitychange', 'pageshow'])(
    'tries again at %s, and is told nothing once closed',
    async (sign) => {
      jest.spyOn(Math, 'random').mockReturnValue(0.99);
      const notifier = await startNotifier();
      notifier.acts.push((visit) => {
        visit.drop();
      });
      const options = { lastEventId: BEGINNING, retryMs: HOUR, maxRetryMs: HOUR };
      const ada = follow('sse', { url: notifier.url, ...options });
      await until(() => ada.client.state.state === 'waiting', 'it waits');
      page.dispatchEvent(new Event(sign));
      notifier.publish('post', post('one'));
      await ada.untilTold(1);
      const wake = jest.spyOn(ada.client, 'wake');
      page.dispatchEvent(new Event(sign));
      expect(wake).toHaveBeenCalledTimes(1);
      ada.client.close();
      page.dispatchEvent(new Event(sign));
      expect(wake).toHaveBeenCalledTimes(1);
    },
  );
});
