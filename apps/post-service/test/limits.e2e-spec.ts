import type { Post } from 'redis-fanout';
import { type Caller, cleanUp, expectProblem, Library, ownRedis, until } from 'test-support';

import { publish, startService } from './support/system.js';

describe('RATE_LIMIT_POSTS_PER_MINUTE', () => {
  let api: Caller;

  beforeAll(async () => {
    ({ api } = await startService(await ownRedis(), { RATE_LIMIT_POSTS_PER_MINUTE: '3' }));
  });

  afterAll(cleanUp);

  it('takes so many posts of an author, then answers 429 with the time to wait', async () => {
    for (let i = 0; i < 3; i++) await publish(api, 'ada');
    const refused = await api.sendJson('POST', '/posts', { author: 'ada', text: 'x' });
    expectProblem(refused, 429, 'rate-limited');
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(20);
    expect((await api.get('/users/ada')).body).toMatchObject({ posts: 3 });
  });

  it('holds one author to it, not the others', async () => {
    for (let i = 0; i < 3; i++) await publish(api, 'bob');
    for (let i = 0; i < 3; i++) await publish(api, 'bo');
    for (const author of ['bob', 'bo']) {
      expect((await api.get(`/users/${author}`)).body).toMatchObject({ posts: 3 });
    }
  });

  it('does not count a repeat, an edit, or a deletion', async () => {
    const headers = { 'idempotency-key': 'key' };
    const body = { author: 'cid', text: 'x' };
    const { body: post } = await api.sendJson('POST', '/posts', body, headers);
    for (let i = 0; i < 5; i++) {
      expect(await api.sendJson('POST', '/posts', body, headers)).toMatchObject({ status: 200 });
    }
    const { id } = post as Post;
    expect((await api.sendJson('PATCH', `/posts/${id}`, { author: 'cid', text: 'y' })).status).toBe(200);
    expect((await api.delete(`/posts/${id}?author=cid`)).status).toBe(204);
    await publish(api, 'cid');
    await publish(api, 'cid');
    expectProblem(await api.sendJson('POST', '/posts', body), 429, 'rate-limited');
  });

  it('does not hold up an import', async () => {
    const line = `${JSON.stringify({ post: { author: 'dan', text: 'x' } })}\n`;
    const answer = await api.send('POST', '/import', { body: line.repeat(10) });
    expect(answer).toMatchObject({ status: 200, body: { posts: 10, rejected: 0 } });
  });
});

describe('MAX_BACKLOG', () => {
  const MAX = 10;
  let api: Caller;
  let library: Library;

  beforeAll(async () => {
    const redis = await ownRedis();
    ({ api } = await startService(redis, { MAX_BACKLOG: String(MAX), RATE_LIMIT_POSTS_PER_MINUTE: '0' }));
    library = await Library.open(redis);
  });

  beforeEach(async () => {
    await library.deliverAll();
  });

  afterAll(cleanUp);

  const fill = async (): Promise<Post[]> => {
    const posts: Post[] = [];
    for (let i = 0; (await library.backlog()) < MAX; i++) posts.push(await publish(api, `author-${i}`));
    return posts;
  };

  it('takes exactly so many posts of all authors while no worker delivers, then answers 503', async () => {
    const answers = [];
    for (let i = 0; i < 4 * MAX; i++) {
      answers.push(await api.sendJson('POST', '/posts', { author: `many-${i}`, text: 'x' }));
    }
    expect(answers.slice(0, MAX).every(({ status }) => status === 201)).toBe(true);
    for (const answer of answers.slice(MAX)) expectProblem(answer, 503, 'backlog-full');
    expect(await library.backlog()).toBe(MAX);
    for (let i = MAX; i < 4 * MAX; i++) {
      expect((await api.get(`/users/many-${i}`)).body).toMatchObject({ posts: 0 });
    }
  });

  it('takes posts again once some are delivered', async () => {
    await fill();
    expectProblem(await api.sendJson('POST', '/posts', { author: 'late', text: 'x' }), 503, 'backlog-full');
    await library.deliverAll();
    await until(
      async () => (await api.sendJson('POST', '/posts', { author: 'late', text: 'x' })).status === 201,
      'there is room',
    );
  });

  it('holds for edits and deletions too, which change nothing then', async () => {
    const [post] = await fill();
    const { id = '', author = '' } = post ?? {};
    expectProblem(
      await api.sendJson('PATCH', `/posts/${id}`, { author, text: 'changed' }),
      503,
      'backlog-full',
    );
    expectProblem(await api.delete(`/posts/${id}?author=${author}`), 503, 'backlog-full');
    expect((await api.get(`/posts/${id}`)).body).toEqual(post);
  });

  it('still answers a repeat with the post that was taken', async () => {
    const headers = { 'idempotency-key': 'key' };
    const body = { author: 'again', text: 'x' };
    await until(
      async () => (await api.sendJson('POST', '/posts', body, headers)).status < 300,
      'there is room',
    );
    await fill();
    expect((await api.sendJson('POST', '/posts', body, headers)).status).toBe(200);
  });
});
