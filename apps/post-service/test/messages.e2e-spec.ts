import type { SentMessage } from 'redis-fanout';
import {
  type Answer,
  type Caller,
  cleanUp,
  expectInvalid,
  expectProblem,
  Library,
  ownRedis,
} from 'test-support';

import { startService } from './support/system.js';

describe('POST /messages', () => {
  let api: Caller;
  let other: Caller;
  let library: Library;

  beforeAll(async () => {
    const redis = await ownRedis();
    ({ api } = await startService(redis));
    ({ api: other } = await startService(redis));
    library = await Library.open(redis);
  });

  afterAll(cleanUp);

  const send = async (body: unknown, key?: string, on = api): Promise<Answer> =>
    on.sendJson('POST', '/messages', body, key === undefined ? {} : { 'idempotency-key': key });
  const textsOf = async (user: string): Promise<string[]> =>
    (await library.fanout.messages.inbox(user, { limit: 100 })).items.map(({ text }) => text);

  it('puts a message into the inbox of its recipient, and answers with it', async () => {
    const answer = await send({ from: 'ann', to: 'bob', text: 'hello' });
    expect(answer.status).toBe(201);
    expect(answer.headers).not.toHaveProperty('idempotency-replayed');
    const { delivered, ...message } = answer.body as SentMessage;
    expect(delivered).toBe('inbox');
    expect(message).toEqual({
      id: expect.stringMatching(/^\d{19}$/) as string,
      from: 'ann',
      to: 'bob',
      text: 'hello',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    });
    expect(message.createdAt).toBe(new Date(Number(message.id.slice(0, 13))).toISOString());
    expect(await library.fanout.messages.inbox('bob')).toMatchObject({
      items: [message],
      unread: { ann: 1 },
    });
  });

  it('says where the recipient is connected', async () => {
    await library.fanout.presence.renew('notifier');
    await library.fanout.presence.attach('notifier', ['cid']);
    expect((await send({ from: 'ann', to: 'cid', text: 'x' })).body).toMatchObject({ delivered: 'live' });
    expect(await textsOf('cid')).toEqual(['x']);
  });

  it('takes a message to oneself', async () => {
    expect((await send({ from: 'dan', to: 'dan', text: 'note' })).status).toBe(201);
    expect(await textsOf('dan')).toEqual(['note']);
  });

  it.each([
    ['one character', 'x'],
    ['10,000 code points', '\u{1f600}'.repeat(10_000)],
    ['white space', ' \n\t '],
    ['what others would normalise', 'e\u0301\u00e9\ufeff\u2028'],
  ])('keeps a text of %s exactly', async (_, text) => {
    const reader = `exact-${text.length}`;
    const answer = await send({ from: 'ann', to: reader, text });
    expect(answer).toMatchObject({ status: 201, body: { text } });
    expect(await textsOf(reader)).toEqual([text]);
  });

  it.each([
    [{ to: 'x', text: 'x' }, 'from'],
    [{ from: 'x', text: 'x' }, 'to'],
    [{ from: 'x', to: 'x' }, 'text'],
    [{ from: 'a b', to: 'x', text: 'x' }, 'from'],
    [{ from: 'x', to: 'x'.repeat(65), text: 'x' }, 'to'],
    [{ from: 7, to: 'x', text: 'x' }, 'from'],
    [{ from: 'x', to: ['x'], text: 'x' }, 'to'],
    [{ from: 'x', to: 'x', text: '' }, 'text'],
    [{ from: 'x', to: 'x', text: null }, 'text'],
    [{ from: 'x', to: 'x', text: 'x'.repeat(10_001) }, 'text'],
    [{ from: 'x', to: 'x', text: 'a\u0000' }, 'text'],
    [{ from: 'x', to: 'x', text: '\ud800' }, 'text'],
    [{ from: 'x', to: 'x', text: 'x', at: '2020-01-01T00:00:00Z' }, 'at'],
    [{ from: 'x', to: 'x', text: 'x', attachments: [] }, 'attachments'],
  ])('refuses %j', async (body, field) => {
    expectInvalid(await send(body, 'key'), field);
    expect(await textsOf('x')).toEqual([]);
  });

  it.each(['', '{', '[]', '"x"', 'null'])('refuses the body %j', async (body) => {
    expectProblem(await send(body), 400, 'invalid-request');
  });

  it('is 403 between two of whom one has blocked the other, at once and on every instance', async () => {
    await api.put('/users/eve/blocks/fay');
    for (const [from, to] of [
      ['eve', 'fay'],
      ['fay', 'eve'],
    ]) {
      expectProblem(await send({ from, to, text: 'x' }, undefined, other), 403, 'blocked');
    }
    await api.delete('/users/eve/blocks/fay');
    expect((await send({ from: 'fay', to: 'eve', text: 'y' }, undefined, other)).status).toBe(201);
    expect([await textsOf('eve'), await textsOf('fay')]).toEqual([['y'], []]);
  });

  it('gives the same message to the same key and body, on every instance, also once it is read', async () => {
    const body = { from: 'gus', to: 'hal', text: 'é' };
    const first = await send(body, 'again');
    const { id } = first.body as SentMessage;
    for (const instance of [api, other]) {
      const repeat = await send(' {"text":"\\u00e9", "to":"hal",\n"from":"gus"}', 'again', instance);
      expect(repeat).toMatchObject({ status: 200, headers: { 'idempotency-replayed': 'true' } });
      expect(repeat.body).toEqual(first.body);
    }
    expect(await textsOf('hal')).toEqual(['é']);
    await library.fanout.messages.markRead('hal', id);
    expect(await send(body, 'again')).toMatchObject({ status: 200, body: { id } });
    expect(await textsOf('hal')).toEqual([]);
  });

  it.each([
    ['another text', { from: 'ida', to: 'jon', text: 'two' }],
    ['another recipient', { from: 'ida', to: 'kim', text: 'one' }],
  ])('answers 409 to %s under the same key, and keeps nothing', async (_, body) => {
    await send({ from: 'ida', to: 'jon', text: 'one' }, 'taken');
    expectProblem(await send(body, 'taken'), 409, 'idempotency-conflict');
    expect([await textsOf('jon'), await textsOf('kim')]).toEqual([['one'], []]);
  });

  it('has keys of their own for each sender, and apart from those of posts', async () => {
    expect((await send({ from: 'leo', to: 'max', text: 'x' }, 'shared')).status).toBe(201);
    expect((await send({ from: 'le', to: 'max', text: 'x' }, 'o:shared')).status).toBe(201);
    expect((await send({ from: 'ned', to: 'max', text: 'x' }, 'shared')).status).toBe(201);
    const post = { author: 'leo', text: 'x' };
    const headers = { 'idempotency-key': 'shared' };
    expect((await api.sendJson('POST', '/posts', post, headers)).status).toBe(201);
    expect(await textsOf('max')).toEqual(['x', 'x', 'x']);
  });

  it('makes one message of requests that come at the same time', async () => {
    const body = { from: 'olga', to: 'pat', text: 'x' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => send(body, 'race', i % 2 === 0 ? api : other)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...new Array<number>(19).fill(200), 201]);
    expect(new Set(answers.map((answer) => (answer.body as SentMessage).id)).size).toBe(1);
    expect(await textsOf('pat')).toEqual(['x']);
  });

  it('makes a new message each time without a key', async () => {
    for (let i = 0; i < 2; i++) expect((await send({ from: 'ann', to: 'quin', text: 'x' })).status).toBe(201);
    expect(await textsOf('quin')).toEqual(['x', 'x']);
  });

  it.each(['', 'x'.repeat(256), 'caf\u00e9', 'a\tb'])('refuses the key %j', async (key) => {
    expectInvalid(await send({ from: 'ann', to: 'rita', text: 'x' }, key), 'Idempotency-Key');
    expect(await textsOf('rita')).toEqual([]);
  });

  it('is 503 with the time to wait where the inbox is full', async () => {
    const { body } = await send({ from: 'ann', to: 'sam', text: 'first' }, 'first');
    const { id } = body as SentMessage;
    const [inbox = ''] = await library.client.keys('*:direct:sam');
    const pipeline = library.client.pipeline();
    for (let i = 1; i < 10_000; i++) pipeline.rpush(inbox, `${id} ann x`);
    await pipeline.exec();
    expectProblem(await send({ from: 'ann', to: 'sam', text: 'x' }), 503, 'backlog-full');
    expect((await send({ from: 'ann', to: 'sam', text: 'first' }, 'first')).status).toBe(200);
    await library.fanout.messages.markRead('sam', id);
    expect((await send({ from: 'ann', to: 'sam', text: 'x' })).status).toBe(201);
  });

  it('is described, and only takes POST', async () => {
    const { body } = await api.get('/openapi.json');
    const { paths } = body as { paths: Record<string, { post?: { responses: object } }> };
    expect(Object.keys(paths['/messages']?.post?.responses ?? {})).toEqual(
      expect.arrayContaining(['200', '201', '400', '403', '409', '503']),
    );
    const answer = await api.get('/messages');
    expectProblem(answer, 405, 'method-not-allowed');
    expect(answer.headers.allow).toContain('POST');
  });
});

describe('POST /messages while Redis does not serve', () => {
  afterEach(cleanUp);

  it('is 503, and nothing is stored', async () => {
    const redis = await ownRedis();
    const { api } = await startService(redis);
    const { fanout, client } = await Library.open(redis);
    const body = { from: 'ann', to: 'bob', text: 'x' };
    await client.call('CONFIG', 'SET', 'maxmemory', '1');
    for (const headers of [{}, { 'idempotency-key': 'key' }]) {
      expectProblem(await api.sendJson('POST', '/messages', body, headers), 503, 'storage-unavailable');
    }
    await client.call('CONFIG', 'SET', 'maxmemory', '0');
    expect((await fanout.messages.inbox('bob')).items).toEqual([]);
    await redis.stop();
    expectProblem(await api.sendJson('POST', '/messages', body), 503, 'storage-unavailable');
  });
});
