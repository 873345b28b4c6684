import type { Post } from 'redis-fanout';
import { type Answer, type Caller, cleanUp, expectInvalid, expectProblem, ownRedis } from 'test-support';

import { publish, startService } from './support/system.js';

const UNKNOWN = ['1000000000000000000', '0000000000000000000', '9999999999999999999', '1700000000000007999'];
const MALFORMED = [
  '1',
  '12345678901234567890',
  'abcdefghijklmnopqrs',
  '-100000000000000000',
  '%31',
  '1.7e18',
];

describe('a post', () => {
  let api: Caller;
  let other: Caller;

  beforeAll(async () => {
    const redis = await ownRedis();
    ({ api } = await startService(redis));
    ({ api: other } = await startService(redis));
  });

  afterAll(cleanUp);

  const edit = async (id: string, body: unknown): Promise<Answer> =>
    api.sendJson('PATCH', `/posts/${id}`, body);

  it('shows an edit in every read from then on, on every instance', async () => {
    const post = await publish(api, 'ada', 'before');
    const before = Date.now();
    const answer = await edit(post.id, { author: 'ada', text: ' after ' });
    const { editedAt } = answer.body as Post;
    expect(answer).toMatchObject({ status: 200, body: { ...post, text: ' after ', editedAt } });
    expect(Date.parse(editedAt ?? '')).toBeGreaterThanOrEqual(before);
    for (const instance of [api, other]) {
      expect((await instance.get(`/posts/${post.id}`)).body).toEqual(answer.body);
      expect((await instance.get('/users/ada/posts')).body).toMatchObject({ items: [answer.body] });
    }
  });

  it('keeps its attachments when edited', async () => {
    const body = { author: 'amy', text: 'x', attachments: ['http://a.b/'] };
    const post = (await api.sendJson('POST', '/posts', body)).body as Post;
    expect((await edit(post.id, { author: 'amy', text: 'y' })).body).toMatchObject({
      attachments: ['http://a.b/'],
    });
  });

  it('may be edited by its author alone', async () => {
    const { id } = await publish(api, 'bob', 'mine');
    for (const author of ['eve', 'Bob', 'bo']) {
      expectProblem(await edit(id, { author, text: 'stolen' }), 404, 'not-found');
    }
    expect((await api.get(`/posts/${id}`)).body).toMatchObject({ text: 'mine', editedAt: null });
  });

  it.each<[unknown, string[]]>([
    [{ author: 'bob' }, ['text']],
    [{ text: 'x' }, ['author']],
    [{ author: 'bob', text: '' }, ['text']],
    [{ author: 'bob', text: 'x'.repeat(10_001) }, ['text']],
    [{ author: 'bob', text: '\u0000' }, ['text']],
    [{ author: 'bob', text: 'x', attachments: [] }, ['attachments']],
    ['{', []],
  ])('refuses the edit %#', async (body, fields) => {
    const { id } = await publish(api, 'bob');
    expectInvalid(await edit(id, body), ...fields);
  });

  it('is gone once deleted, on every instance, and stays deletable', async () => {
    const kept = await publish(api, 'cid', 'kept');
    const { id } = await publish(api, 'cid', 'gone');
    for (let i = 0; i < 3; i++) {
      expect(await api.delete(`/posts/${id}?author=cid`)).toMatchObject({ status: 204, body: '' });
    }
    for (const instance of [api, other]) {
      expectProblem(await instance.get(`/posts/${id}`), 410, 'deleted');
      expectProblem(await instance.get(`/posts/${id}/delivery`), 410, 'deleted');
      expect((await instance.get('/users/cid/posts')).body).toEqual({ items: [kept], nextCursor: null });
      expect((await instance.get('/users/cid')).body).toMatchObject({ posts: 1 });
    }
    expectProblem(await edit(id, { author: 'cid', text: 'back' }), 410, 'deleted');
  });

  it('may be deleted by its author alone', async () => {
    const { id } = await publish(api, 'dan');
    const authors = Array.from({ length: 20 }, (_, i) => `eve-${i}`);
    for (const author of authors) {
      expectProblem(await api.delete(`/posts/${id}?author=${author}`), 404, 'not-found');
    }
    expect((await api.get(`/posts/${id}`)).status).toBe(200);
    await api.delete(`/posts/${id}?author=dan`);
    expectProblem(await api.delete(`/posts/${id}?author=eve-1`), 404, 'not-found');
    expectProblem(await edit(id, { author: 'eve-1', text: 'x' }), 404, 'not-found');
  });

  it.each(['', '?author=', '?author=a%20b', '?author=a&author=b', '?author=%ff'])(
    'refuses a deletion with the query "%s"',
    async (query) => {
      const { id } = await publish(api, 'fay');
      expectInvalid(await api.delete(`/posts/${id}${query}`));
      expect((await api.get(`/posts/${id}`)).status).toBe(200);
    },
  );

  it.each(UNKNOWN)('is 404 where there is none: %s', async (id) => {
    expectProblem(await api.get(`/posts/${id}`), 404, 'not-found');
    expectProblem(await api.get(`/posts/${id}/delivery`), 404, 'not-found');
    expectProblem(await edit(id, { author: 'ada', text: 'x' }), 404, 'not-found');
    expectProblem(await api.delete(`/posts/${id}?author=ada`), 404, 'not-found');
  });

  it.each(MALFORMED)('is 400 where the id is none: %s', async (id) => {
    expectInvalid(await api.get(`/posts/${id}`), 'id');
    expectInvalid(await api.get(`/posts/${id}/delivery`), 'id');
    expectInvalid(await edit(id, { author: 'ada', text: 'x' }), 'id');
    expectInvalid(await api.delete(`/posts/${id}?author=ada`), 'id');
  });
});
