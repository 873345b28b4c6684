import { BEGINNING } from './support/notifier.js';
import { cleanUp, follow, follower, post, startNotifier, TRANSPORTS } from './support/setup.js';
import { until } from './support/until.js';

afterEach(cleanUp);

const direct = {
  id: '1795438504042003001',
  from: 'bob',
  to: 'ada',
  text: 'hello',
  createdAt: '2026-11-23T10:00:00.000Z',
};

describe.each(TRANSPORTS)('over %s', (transport) => {
  it('tells each kind of event with its data, in order', async () => {
    const notifier = await startNotifier();
    const ada = follow(transport, { url: notifier.url, lastEventId: BEGINNING });
    const events = [
      ['post', post('one \u{1f600}\n: two')],
      ['edited', { ...post('two'), editedAt: '2026-11-23T10:00:01.000Z' }],
      ['message', direct],
      ['deleted', { id: post('').id }],
    ] as const;
    for (const [name, data] of events) notifier.publish(name, data);
    await ada.untilTold(4);
    expect(ada.told).toEqual(events);
  });

  it('says where it is to listeners, before they are told what follows', async () => {
    const notifier = await startNotifier();
    const ada = follower(transport, { url: notifier.url, lastEventId: BEGINNING });
    const positions: unknown[] = [];
    ada.client.on('post', () => positions.push(ada.client.lastEventId));
    const ids = ['one', 'two', 'three'].map((text) => notifier.publish('post', post(text)).id);
    ada.client.connect();
    await ada.untilTold(3);
    expect(positions).toEqual(ids);
  });

  it('takes fields and events that it does not know of, and the ids of these', async () => {
    const notifier = await startNotifier();
    const ada = follow(transport, { url: notifier.url, lastEventId: BEGINNING });
    const richer = { ...post('one'), mood: 'sunny' };
    notifier.publish('post', richer);
    notifier.publish('toString', post('no post'));
    await until(() => ada.client.lastEventId === notifier.end, 'it is past the unknown event');
    expect(ada.told).toEqual([['post', richer]]);
    expect(ada.errors).toEqual([]);
  });

  it('drops what comes again, and tells the same in two events twice', async () => {
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      visit.accept();
      for (const id of ['1', '2', '1', '2', '3']) visit.send({ id, event: 'post', data: post('same') });
      visit.send({ id: '3', event: 'deleted', data: { id: '9' } });
    });
    const ada = follow(transport, { url: notifier.url, lastEventId: BEGINNING });
    await ada.untilTold(4);
    expect(ada.told.map(([name]) => name)).toEqual(['post', 'post', 'post', 'deleted']);
    expect(ada.client.lastEventId).toBe('3');
  });

  it('remembers no more events than it was told to', async () => {
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      visit.accept();
      for (const id of ['1', '2', '3', '2', '1']) visit.send({ id, event: 'post', data: post(id) });
    });
    const ada = follow(transport, { url: notifier.url, lastEventId: BEGINNING, rememberedEvents: 2 });
    await ada.untilTold(4);
    expect(ada.events).toEqual(['1', '2', '3', '1'].map(post));
  });

  it('tells the resync of the server, and goes on live', async () => {
    const notifier = await startNotifier();
    const ada = follow(transport, { url: notifier.url, lastEventId: 'none of yours' });
    await ada.untilTold(1);
    notifier.publish('post', post('one'));
    await ada.untilTold(2);
    expect(ada.told).toEqual([
      ['resync', { reason: 'server' }],
      ['post', post('one')],
    ]);
  });

  it.each([
    ['data that is no object', { id: '1', event: 'post', data: 7 }],
    ['a list in place of data', { id: '1', event: 'deleted', data: [] }],
    [
      'a post without attachments',
      { id: '1', event: 'edited', data: { ...post(''), attachments: undefined } },
    ],
    ['an id that is a number', { id: '1', event: 'deleted', data: { id: 2 ** 53 } }],
    ['a message of nobody', { id: '1', event: 'message', data: { ...direct, from: undefined } }],
  ])('passes over %s, tells resync, and goes on behind it', async (_what, bad) => {
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      visit.accept();
      visit.send(bad);
      visit.send({ id: '2', event: 'post', data: post('good') });
    });
    const ada = follow(transport, { url: notifier.url, lastEventId: BEGINNING });
    await ada.untilTold(2);
    expect(ada.told).toEqual([
      ['resync', { reason: 'unreadable' }],
      ['post', post('good')],
    ]);
    expect(ada.errors).toMatchObject([{ code: 'frame-malformed' }]);
    expect(ada.lives).toBe(1);
  });

  it('passes over an event whose id is too long to go on from, and stays where it is', async () => {
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      visit.accept();
      visit.send({ id: '1', event: 'post', data: post('one') });
      visit.send({ id: 'x'.repeat(257), event: 'post', data: post('two') });
    });
    const ada = follow(transport, { url: notifier.url, lastEventId: BEGINNING });
    await ada.untilTold(2);
    expect(ada.resyncs).toEqual([{ reason: 'unreadable' }]);
    expect(ada.client.lastEventId).toBe('1');
  });

  it('gives up a connection with an event that is too long, does not ask for it again, and tells resync', async () => {
    const notifier = await startNotifier();
    notifier.publish('post', post('x'.repeat(5000)));
    const ada = follow(transport, { url: notifier.url, lastEventId: BEGINNING, maxFrameLength: 2000 });
    await ada.untilLive(2);
    await ada.untilTold(1);
    await until(() => ada.client.lastEventId === notifier.end, 'it is behind the event');
    notifier.publish('post', post('short'));
    await ada.untilTold(2);
    expect(ada.told).toEqual([
      ['resync', { reason: 'unreadable' }],
      ['post', post('short')],
    ]);
    expect(ada.errors).toMatchObject([{ code: 'frame-too-long', transport }]);
  });

  it('goes on where a listener throws or rejects, with the other listeners, and tells the error', async () => {
    const notifier = await startNotifier();
    const ada = follower(transport, { url: notifier.url, lastEventId: BEGINNING });
    const [thrown, rejected] = [new Error('thrown'), new Error('rejected')];
    ada.client.on('post', () => {
      throw thrown;
    });
    ada.client.on('post', () => Promise.reject(rejected));
    const heard: unknown[] = [];
    ada.client.on('post', ({ text }) => heard.push(text));
    ada.client.connect();
    notifier.publish('post', post('one'));
    notifier.publish('post', post('two'));
    await until(() => ada.errors.length === 4, 'all failures were told');
    expect(heard).toEqual(['one', 'two']);
    expect(ada.errors.every(({ code }) => code === 'listener-failed')).toBe(true);
    expect(new Set(ada.errors.map(({ cause }) => cause))).toEqual(new Set([thrown, rejected]));
    expect(ada.lives).toBe(1);
  });
});

describe('over sse', () => {
  it('gives up an event without an end', async () => {
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      visit.accept();
      visit.sendText(`id: 1\nevent: post\ndata: ${'x'.repeat(5000)}`);
    });
    const ada = follow('sse', { url: notifier.url, maxFrameLength: 2000 });
    await ada.untilTold(1);
    expect(ada.resyncs).toEqual([{ reason: 'unreadable' }]);
  });

  it('reads events in whatever pieces they come, characters in two of them among these', async () => {
    const notifier = await startNotifier();
    const bytes = Buffer.from(`id: 1\r\nevent: post\r\ndata: ${JSON.stringify(post('\u{1f600}'))}\r\n\r\n`);
    notifier.acts.push((visit) => {
      visit.accept();
      const { socket } = visit.request;
      socket.setNoDelay(true);
      const sendFrom = (index: number): void => {
        if (index >= bytes.length || socket.destroyed) return;
        socket.write(`1\r\n${String.fromCharCode(bytes[index]!)}\r\n`, 'latin1', () => {
          setImmediate(sendFrom, index + 1);
        });
      };
      sendFrom(0);
    });
    const ada = follow('sse', { url: notifier.url });
    await until(() => ada.events.length === 1, 'the event was told');
    expect(ada.events).toEqual([post('\u{1f600}')]);
  });
});

describe('over websocket', () => {
  it.each(['', '{', '[]', 'null', '{"event":7}', '{"id":"1"}'])('passes over the frame %j', async (frame) => {
    const notifier = await startNotifier();
    notifier.acts.push((visit) => {
      visit.accept();
      visit.sendText(frame);
      visit.send({ id: '2', event: 'post', data: post('good') });
    });
    const ada = follow('websocket', { url: notifier.url });
    await ada.untilTold(2);
    expect(ada.told).toEqual([
      ['resync', { reason: 'unreadable' }],
      ['post', post('good')],
    ]);
  });
});
