import { BEGINNING, type Act } from './support/notifier.js';
import { cleanUp, follow, follower, post, startNotifier, TRANSPORTS } from './support/setup.js';
import { until } from './support/until.js';
import { type WebSocketVisit } from './support/visit.js';

afterEach(cleanUp);

const texts = (count: number): string[] => Array.from({ length: count }, (_, i) => `post ${i}`);

describe.each(TRANSPORTS)('over %s', (transport) => {
  it.each<readonly [string, Act]>([
    [
      'breaks between two events',
      (visit) => {
        visit.drop();
      },
    ],
    [
      'breaks in the middle of an event',
      (visit, notifier) => {
        visit.sendHalf(notifier.log[2]!);
        setImmediate(() => {
          visit.drop();
        });
      },
    ],
    [
      'ends as the server goes',
      (visit) => {
        visit.sayGoodbye();
      },
    ],
  ])('goes on behind the last event, where the connection %s', async (_what, end) => {
    const notifier = await startNotifier();
    for (const text of texts(5)) notifier.publish('post', post(text));
    notifier.acts.push(async (visit) => {
      visit.accept();
      for (const event of notifier.log.slice(0, 2)) visit.send(event);
      await until(() => ada.events.length === 2, 'two were told');
      await end(visit, notifier);
    });
    const ada = follow(transport, { url: notifier.url, lastEventId: BEGINNING });
    await until(() => ada.events.length >= 5, 'all were told');
    expect(ada.events).toEqual(texts(5).map(post));
    expect(ada.resyncs).toEqual([]);
    expect(notifier.visits[1]?.resumesFrom).toBe(notifier.log[1]?.id);
  });

  it('goes on where an earlier client was', async () => {
    const notifier = await startNotifier();
    const before = follow(transport, { url: notifier.url, lastEventId: BEGINNING });
    notifier.publish('post', post('one'));
    await before.untilTold(1);
    before.client.close();
    notifier.publish('post', post('two'));
    const after = follow(transport, { url: notifier.url, lastEventId: before.client.lastEventId });
    await after.untilTold(1);
    expect(after.told).toEqual([['post', post('two')]]);
  });

  it('goes on where it was closed', async () => {
    const notifier = await startNotifier();
    const ada = follow(transport, { url: notifier.url, lastEventId: BEGINNING });
    notifier.publish('post', post('one'));
    await ada.untilTold(1);
    ada.client.close();
    notifier.publish('post', post('two'));
    ada.client.connect();
    await ada.untilTold(2);
    expect(ada.events).toEqual([post('one'), post('two')]);
  });

  it('has a position before the first event, from the server, and misses nothing', async () => {
    const notifier = await startNotifier();
    notifier.publish('post', post('before its time'));
    const ada = follow(transport, { url: notifier.url, lastEventId: null });
    await until(() => ada.client.lastEventId === notifier.end, 'the server has said where it is');
    notifier.acts.push((visit) => {
      visit.drop();
      notifier.publish('post', post('meanwhile'));
    });
    notifier.visits[0]?.drop();
    await ada.untilTold(1);
    expect(ada.told).toEqual([['post', post('meanwhile')]]);
  });

  it('moves on with the keep-alives', async () => {
    const notifier = await startNotifier();
    const ada = follow(transport, { url: notifier.url, lastEventId: BEGINNING });
    await until(() => notifier.served === 1, 'it is served');
    notifier.log.push({ id: 'somebody else', event: 'post', data: post('of no concern') });
    notifier.keepAlive(notifier.visits[0]!);
    await until(() => ada.client.lastEventId === 'somebody else', 'it has moved on');
    expect(ada.told).toEqual([]);
  });

  it('tells resync where a connection ended before there was a position', async () => {
    const notifier = await startNotifier({ sendsPositions: false });
    const ada = follow(transport, { url: notifier.url });
    await ada.untilLive();
    notifier.visits[0]?.drop();
    await ada.untilTold(1);
    notifier.publish('post', post('one'));
    await ada.untilTold(2);
    expect(ada.told).toEqual([
      ['resync', { reason: 'no-position' }],
      ['post', post('one')],
    ]);
    notifier.visits[1]?.drop();
    await ada.untilLive(3);
    expect(ada.resyncs).toHaveLength(1);
  });

  it('tells resync where it was closed without a position, and connected again', async () => {
    const notifier = await startNotifier({ sendsPositions: false });
    const ada = follow(transport, { url: notifier.url });
    await ada.untilLive();
    ada.client.close();
    ada.client.connect();
    await ada.untilTold(1);
    expect(ada.told).toEqual([['resync', { reason: 'no-position' }]]);
  });

  it('tells no resync where it was never live', async () => {
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      visit.refuse(503);
    });
    const ada = follow(transport, { url: notifier.url });
    await ada.untilLive();
    notifier.publish('post', post('one'));
    await until(() => ada.events.length === 1, 'the event was told');
    expect(ada.resyncs).toEqual([]);
  });

  it('asks for positions, for its user, below a path, and keeps a query', async () => {
    const notifier = await startNotifier();
    const ada = follow(transport, { url: `${notifier.url}/?token=a%26b#there`, user: 'Ada_1-x' });
    await ada.untilLive();
    const path = transport === 'sse' ? '/live/stream' : '/live/ws';
    expect(notifier.visits[0]?.request.url).toBe(`${path}?token=a%26b&user=Ada_1-x&positions=1`);
  });
});

describe('over websocket', () => {
  it.each([1000, 1002, 1009, 1011, 1013])('goes on after it was closed with %d', async (code) => {
    const notifier = await startNotifier();
    const ada = follow('websocket', { url: notifier.url, lastEventId: BEGINNING });
    notifier.publish('post', post('one'));
    await ada.untilTold(1);
    (notifier.visits[0] as WebSocketVisit).socket.close(code, 'because');
    await ada.untilLive(2);
    notifier.publish('post', post('two'));
    await ada.untilTold(2);
    expect(ada.events).toEqual([post('one'), post('two')]);
    const told = ada.errors.map(({ code, closeCode, message }) => [code, closeCode, message]);
    const expected = ['connection-lost', code, `the WebSocket was closed with ${code} (because)`];
    expect(told).toEqual(code === 1000 ? [] : [expected]);
  });
});

describe('over sse', () => {
  it('waits as long as the server says with `retry`, when it says `bye`, also where the connection stays', async () => {
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      visit.accept();
      visit.sendText('event: bye\nretry: 60000\ndata: {}\n\n');
      visit.send({ id: '1', event: 'post', data: post('after the end') });
    });
    const ada = follower('sse', { url: notifier.url });
    ada.client.connect();
    await until(() => ada.client.state.state === 'waiting', 'it waits');
    expect(ada.client.state).toMatchObject({ delayMs: expect.any(Number) as number });
    expect((ada.client.state as { delayMs: number }).delayMs).toBeGreaterThanOrEqual(60_000);
    await until(() => notifier.open === 0, 'it has left the connection');
    expect(ada.told).toEqual([]);
    expect(ada.errors).toEqual([]);
  });
});
