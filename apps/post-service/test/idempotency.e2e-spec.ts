import type { Post } from 'redis-fanout';
import { type Answer, type Caller, cleanUp, expectInvalid, expectProblem, ownRedis } from 'test-support';

import { startService } from './support/system.js';

describe('Idempotency-Key', () => {
  let api: Caller;
  let other: Caller;

  beforeAll(async () => {
    const redis = await ownRedis();
    ({ api } = await startService(redis));
    ({ api: other } = await startService(redis));
  });

  afterAll(cleanUp);

  const post = async (key: string, body: unknown, on = api): Promise<Answer> =>
    on.sendJson('POST', '/posts', body, { 'idempotency-key': key });

  it('gives the same post to the same key and body, on every instance', async () => {
    const body = { author: 'ada', text: 'once', attachments: ['http://example.org/'] };
    const first = await post('again', body);
    expect(first.status).toBe(201);
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    for (const instance of [api, other]) {
      const repeat = await post('again', body, instance);
      expect(repeat).toMatchObject({ status: 200, headers: { 'idempotency-replayed': 'true' } });
      expect(repeat.body).toEqual(first.body);
    }
    expect((await api.get('/users/ada')).body).toMatchObject({ posts: 1 });
  });

  it('compares bodies as values: white space, escapes and the order of fields do not matter', async () => {
    const first = await post('shape', '{"author":"bob","text":"é","attachments":["http://a.b/"]}');
    const repeat = await post(
      'shape',
      ' {\n"attachments" : [ "http:\\/\\/a.b/" ],"text":"\\u00e9", "author":"bob"}',
    );
    expect(repeat).toMatchObject({ status: 200, headers: { 'idempotency-replayed': 'true' } });
    expect(repeat.body).toEqual(first.body);
  });

  it.each([
    ['another text', { author: 'cid', text: 'two' }],
    ['a text that is only similar', { author: 'cid', text: 'one ' }],
    ['an attachment more', { author: 'cid', text: 'one', attachments: ['http://a.b/'] }],
  ])('answers 409 to %s, and stores nothing', async (_, body) => {
    await post('taken', { author: 'cid', text: 'one' });
    expectProblem(await post('taken', body), 409, 'idempotency-conflict');
    expect((await api.get('/users/cid')).body).toMatchObject({ posts: 1 });
  });

  it('has keys of their own for each author', async () => {
    const [one, two] = [
      await post('shared', { author: 'dan', text: 'x' }),
      await post('shared', { author: 'eve', text: 'x' }),
    ];
    expect([one.status, two.status]).toEqual([201, 201]);
    expect((one.body as Post).id).not.toBe((two.body as Post).id);
  });

  it('makes a new post each time without a key', async () => {
    const body = { author: 'fay', text: 'x' };
    const answers = [await api.sendJson('POST', '/posts', body), await api.sendJson('POST', '/posts', body)];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect((await api.get('/users/fay')).body).toMatchObject({ posts: 2 });
  });

  it('makes one post of requests that come at the same time', async () => {
    const body = { author: 'gus', text: 'x' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => post('race', body, i % 2 === 0 ? api : other)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...new Array<number>(19).fill(200), 201]);
    expect(new Set(answers.map((answer) => (answer.body as Post).id)).size).toBe(1);
    expect((await api.get('/users/gus')).body).toMatchObject({ posts: 1 });
  });

  it('takes no place of another author or key that it could be mistaken for', async () => {
    expect((await post('b', { author: 'a-b', text: 'x' })).status).toBe(201);
    expect((await post('b:b', { author: 'a', text: 'x' })).status).toBe(201);
    expect((await post('{0} * \\ "%', { author: 'a', text: 'x' })).status).toBe(201);
  });

  it.each([
    ['one character', '!'],
    ['255 characters', '~'.repeat(255)],
    ['a blank within', 'a b'],
  ])('takes %s', async (_, key) => {
    expect((await post(key, { author: 'hal', text: key })).status).toBe(201);
    expect((await post(key, { author: 'hal', text: key })).status).toBe(200);
  });

  it.each([
    ['nothing', ''],
    ['256 characters', 'x'.repeat(256)],
    ['a letter outside ASCII', 'caf\u00e9'],
    ['a tab', 'a\tb'],
  ])('refuses %s', async (_, key) => {
    expectInvalid(await post(key, { author: 'ivy', text: 'x' }), 'Idempotency-Key');
    expect((await api.get('/users/ivy')).body).toMatchObject({ posts: 0 });
  });

  it('keeps nothing of a body that was refused', async () => {
    expectInvalid(await post('retry', { author: 'joe', text: '' }));
    expect((await post('retry', { author: 'joe', text: 'better' })).status).toBe(201);
  });
});
