import type { DirectMessage, Fanout } from 'redis-fanout';
import { type Caller, cleanUp, expectInvalid, expectProblem, Library, ownRedis } from 'test-support';

import { startService } from './support/system.js';

const cursorOf = (text: string): string => Buffer.from(text).toString('base64url');

describe('GET and DELETE /inboxes/{user}', () => {
  let api: Caller;
  let other: Caller;
  let fanout: Fanout;

  beforeAll(async () => {
    const redis = await ownRedis();
    ({ api } = await startService(redis));
    ({ api: other } = await startService(redis));
    ({ fanout } = await Library.open(redis));
  });

  afterAll(cleanUp);

  const send = async (from: string, to: string, text = 'a message'): Promise<DirectMessage> => {
    const { message } = await fanout.messages.send({ from, to, text });
    return { id: message.id, from, to, text, createdAt: message.createdAt };
  };

  const expectInbox = async (
    user: string,
    items: readonly DirectMessage[],
    unread: Readonly<Record<string, number>>,
  ): Promise<void> => {
    for (const instance of [api, other]) {
      expect((await instance.get(`/inboxes/${user}`)).body).toEqual({ items, unread, nextCursor: null });
    }
  };

  it('is empty for a user of whom nothing is known, and can be read all the same', async () => {
    await expectInbox('nobody', [], {});
    expect(await api.delete('/inboxes/nobody?through=1700000000000000000')).toMatchObject({
      status: 204,
      body: '',
    });
  });

  it('shows unread messages, oldest first, with the counts of their senders', async () => {
    const sent = [
      await send('ann', 'bob'),
      await send('cid', 'bob'),
      await send('ann', 'bob', ' e\u0301\n\u{1f600} '),
    ];
    await send('bob', 'ann');
    expect(sent[0]).toEqual({
      id: expect.stringMatching(/^\d{19}$/) as string,
      from: 'ann',
      to: 'bob',
      text: 'a message',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    });
    await expectInbox('bob', sent, { ann: 2, cid: 1 });
  });

  it('shows nothing of what was read, on every instance', async () => {
    const sent: DirectMessage[] = [];
    for (const from of ['ann', 'eve', 'ann', 'fay', 'eve']) sent.push(await send(from, 'dan'));
    const through = `/inboxes/dan?through=${sent[2]?.id ?? ''}`;
    for (const instance of [api, other, api]) {
      expect(await instance.delete(through)).toMatchObject({ status: 204, body: '' });
      await expectInbox('dan', sent.slice(3), { eve: 1, fay: 1 });
    }
    await api.delete(`/inboxes/dan?through=${sent[0]?.id ?? ''}`);
    await expectInbox('dan', sent.slice(3), { eve: 1, fay: 1 });
    await api.delete('/inboxes/dan?through=9999999999999999999');
    await expectInbox('dan', [], {});
  });

  it.each(['constructor', '-1', '__proto__'])('counts a sender who is called %s', async (name) => {
    const reader = `reader-${name}`;
    await send(name, reader);
    const { body } = await api.get(`/inboxes/${reader}`);
    expect(Object.entries((body as { unread: Record<string, number> }).unread)).toEqual([[name, 1]]);
  });

  it.each([1, 2, 7, 100])('has pages, each full but the last, %i at a time', async (limit) => {
    const reader = `pages-${limit}`;
    const sent: DirectMessage[] = [];
    for (let i = 0; i < 14; i++) sent.push(await send(`sender-${i % 2}`, reader, String(i)));
    expect(await api.allPages(`/inboxes/${reader}`, limit)).toEqual(sent);
    expect((await api.get(`/inboxes/${reader}?limit=1`)).body).toMatchObject({
      unread: { 'sender-0': 7, 'sender-1': 7 },
    });
  });

  it('goes on behind what was read meanwhile', async () => {
    const sent: DirectMessage[] = [];
    for (let i = 0; i < 7; i++) sent.push(await send('ann', 'gus', String(i)));
    const { nextCursor } = await api.page('/inboxes/gus', { limit: 3 });
    await other.delete(`/inboxes/gus?through=${sent[4]?.id ?? ''}`);
    const page = await other.page('/inboxes/gus', { limit: 3, cursor: nextCursor ?? '' });
    expect(page).toEqual({ items: sent.slice(5), unread: { ann: 2 }, nextCursor: null });
  });

  it.each(['0', '101', '-1', '1.5', 'ten', ''])('refuses the limit "%s"', async (limit) => {
    expectInvalid(await api.get(`/inboxes/ann?limit=${limit}`), 'limit');
  });

  it.each([
    '',
    'x',
    '1700000000000000000',
    cursorOf('1700000000000000000'),
    cursorOf('1700000000000000000.0'),
    cursorOf('after 170000000000000000'),
    cursorOf('after ~'),
    'x'.repeat(1025),
  ])('refuses the cursor "%s"', async (cursor) => {
    expectInvalid(await api.get(`/inboxes/ann?cursor=${cursor}`), 'cursor');
  });

  it.each(['', 'x', '123', '12345678901234567890', '-234567890123456789', '%201234567890123456789'])(
    'refuses the message id "%s"',
    async (id) => {
      expectInvalid(await api.delete(`/inboxes/ann?through=${id}`), 'through');
    },
  );

  it('refuses what is missing, given twice or no user, and deletes nothing then', async () => {
    const message = await send('ann', 'hal');
    expectInvalid(await api.delete('/inboxes/hal'), 'through');
    expectInvalid(await api.delete(`/inboxes/hal?through=${message.id}&through=${message.id}`), 'through');
    expectInvalid(await api.get('/inboxes/a.b'), 'user');
    expectInvalid(await api.delete(`/inboxes/a.b?through=${message.id}`), 'user');
    await expectInbox('hal', [message], { ann: 1 });
  });

  it.each(['POST', 'PUT', 'PATCH'])('is 405 for %s', async (method) => {
    const answer = await api.send(method, '/inboxes/ada');
    expectProblem(answer, 405, 'method-not-allowed');
    expect(String(answer.headers.allow).split(', ')).toEqual(expect.arrayContaining(['DELETE', 'GET']));
  });

  it('is described', async () => {
    const { body } = await api.get('/openapi.json');
    expect(Object.keys((body as { paths: Record<string, object> }).paths['/inboxes/{user}'] ?? {})).toEqual([
      'get',
      'delete',
    ]);
  });
});

describe('an inbox while Redis does not serve', () => {
  afterEach(cleanUp);

  it('is 503; where there is no memory it still can be read and emptied', async () => {
    const redis = await ownRedis();
    const { api } = await startService(redis);
    const { fanout, client } = await Library.open(redis);
    const { message } = await fanout.messages.send({ from: 'ann', to: 'bob', text: 'x' });
    await client.call('CONFIG', 'SET', 'maxmemory', '1');
    expect(await api.get('/inboxes/bob')).toMatchObject({ status: 200, body: { unread: { ann: 1 } } });
    expect((await api.delete(`/inboxes/bob?through=${message.id}`)).status).toBe(204);
    expect((await api.get('/inboxes/bob')).body).toEqual({ items: [], unread: {}, nextCursor: null });
    await redis.stop();
    expectProblem(await api.get('/inboxes/bob'), 503, 'storage-unavailable');
    expectProblem(await api.delete(`/inboxes/bob?through=${message.id}`), 503, 'storage-unavailable');
  });
});
