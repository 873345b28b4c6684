import type { Fanout, Post } from 'redis-fanout';
import { type Caller, cleanUp, expectInvalid, expectProblem, Library, ownRedis } from 'test-support';

import { startService } from './support/system.js';

const cursorOf = (text: string): string => Buffer.from(text).toString('base64url');

/** Within a millisecond the ids of several authors do not tell who came first. */
const newestFirst = (a: Post, b: Post): number => (a.id < b.id ? 1 : -1);

/** Where posts come from: pushed to the timeline, pulled from the authors, or from below the end of the timeline. */
const WAYS: Readonly<Record<string, { env: Record<string, string>; options: object }>> = {
  pushed: { env: {}, options: {} },
  pulled: { env: { FANOUT_PUSH_MAX_FOLLOWERS: '0' }, options: { pushMaxFollowers: 0 } },
  'beyond the end of the timeline': {
    env: { TIMELINE_MAX_ENTRIES: '20' },
    options: { timelineMaxEntries: 20 },
  },
};

describe.each(Object.entries(WAYS))('a timeline of posts %s', (_, { env, options }) => {
  let api: Caller;
  let fanout: Fanout;
  let library: Library;
  /** What `reader` has to see, newest first. */
  let posts: Post[];

  beforeAll(async () => {
    const redis = await ownRedis();
    ({ api } = await startService(redis, env));
    library = await Library.open(redis, options);
    ({ fanout } = library);
    const authors = ['ada', 'bob', 'cid', 'dan', 'reader'];
    for (const author of authors.slice(0, -1)) await fanout.follows.follow('reader', author);
    posts = [];
    await api.page('/timelines/reader');
    for (let i = 0; i < 230; i++) {
      const author = authors[(3 * i + (i % 4)) % authors.length] ?? '';
      posts.unshift((await fanout.posts.publish({ author, text: `post ${i}` })).post);
      if (i % 40 === 0) await library.deliverAll();
    }
    posts.sort(newestFirst);
    await library.deliverAll();
  });

  afterAll(cleanUp);

  it.each([1, 2, 7, 100])('shows each once, newest first, %i at a time', async (limit) => {
    expect(await api.allPages('/timelines/reader', limit)).toEqual(posts);
  });

  it('shows fifty unless told', async () => {
    expect((await api.page('/timelines/reader')).items).toEqual(posts.slice(0, 50));
  });

  it('ends with the page that is full where nothing comes after it', async () => {
    const oldest = posts.slice(-4);
    const since = posts.at(-5)?.id ?? '';
    const before = cursorOf(`${since}.0`);
    expect(await api.page('/timelines/reader', { limit: 4, cursor: before })).toEqual({
      items: oldest,
      nextCursor: null,
    });
  });

  it.each([0, 1, 99, 150])('since a post shows only what is newer than it: %i posts', async (count) => {
    const since = posts[count]?.id ?? '';
    for (const limit of [1, 7, 100]) {
      expect(await api.allPages('/timelines/reader', limit, { since })).toEqual(posts.slice(0, count));
    }
  });

  it('since a post that is not there shows what is newer than it would be', async () => {
    const all = await api.allPages('/timelines/reader', 100, { since: '0000000000000000000' });
    expect(all).toEqual(posts);
    expect(await api.page('/timelines/reader', { since: '9999999999999999999' })).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  it('does not move while posts come', async () => {
    const first = await api.page('/timelines/reader', { limit: 30 });
    for (let i = 0; i < 3; i++) {
      posts.unshift((await fanout.posts.publish({ author: 'ada', text: 'late' })).post);
    }
    await library.deliverAll();
    const second = await api.page('/timelines/reader', { limit: 30, cursor: first.nextCursor ?? '' });
    expect([...first.items, ...second.items]).toEqual(posts.slice(3, 63));
  });

  it('is full after deletions and an unfollow', async () => {
    const deleted = posts.filter((_post, i) => i % 3 !== 0 && i < 120);
    for (const { id, author } of deleted) await fanout.posts.delete(id, author);
    posts = posts.filter((post) => !deleted.includes(post));
    for (const limit of [2, 7, 100]) {
      expect(await api.allPages('/timelines/reader', limit)).toEqual(posts);
    }
    await fanout.follows.unfollow('reader', 'bob');
    posts = posts.filter(({ author }) => author !== 'bob');
    for (const limit of [2, 7, 100]) {
      expect(await api.allPages('/timelines/reader', limit)).toEqual(posts);
    }
  });

  it('goes on from a cursor whose post is deleted', async () => {
    const first = await api.page('/timelines/reader', { limit: 5 });
    const [last] = posts.splice(4, 1);
    await fanout.posts.delete(last?.id ?? '', last?.author ?? '');
    const second = await api.page('/timelines/reader', { limit: 5, cursor: first.nextCursor ?? '' });
    expect(second.items).toEqual(posts.slice(4, 9));
  });
});

describe('the parameters of a timeline', () => {
  let api: Caller;

  beforeAll(async () => {
    ({ api } = await startService(await ownRedis()));
  });

  afterAll(cleanUp);

  it.each(['0', '101', '-1', '1.5', '1e1', 'ten', '', '%20', '0x10'])(
    'refuse the limit "%s"',
    async (limit) => {
      expectInvalid(await api.get(`/timelines/ada?limit=${limit}`), 'limit');
    },
  );

  it.each([
    '',
    'x',
    '123',
    '12345678901234567890',
    '-234567890123456789',
    '%201234567890123456789',
    'a'.repeat(19),
  ])('refuse the post id "%s"', async (since) => {
    expectInvalid(await api.get(`/timelines/ada?since=${since}`), 'since');
  });

  it.each([
    '',
    'x',
    '%00',
    '1234567890123456789',
    cursorOf('1234567890123456789'),
    cursorOf('1234567890123456789.'),
    cursorOf('1234567890123456789.-1'),
    cursorOf('1234567890123456789.01'),
    cursorOf('1234567890123456789.12345678'),
    cursorOf('1234567890123456789.0.0'),
    cursorOf('9999999999999999999.0'),
    cursorOf('~.0'),
    `${cursorOf('1234567890123456789.0')}A`,
    'x'.repeat(1025),
  ])('refuse the cursor "%s"', async (cursor) => {
    expectInvalid(await api.get(`/timelines/ada?cursor=${cursor}`), 'cursor');
  });

  it('take any place that a cursor can name', async () => {
    for (const offset of [0, 1, 9_999_999]) {
      const cursor = cursorOf(`1234567890123456789.${offset}`);
      expect(await api.page('/timelines/ada', { cursor })).toEqual({ items: [], nextCursor: null });
    }
  });

  it.each(['a%20b', 'a.b', '%00', 'x'.repeat(65), '%C3%A9'])('refuse the user id %s', async (user) => {
    expectInvalid(await api.get(`/timelines/${user}`), 'user');
  });

  it('refuse what is given twice, or not well encoded', async () => {
    expectInvalid(await api.get('/timelines/ada?limit=1&limit=1'), 'limit');
    expectProblem(await api.get('/timelines/ada?cursor=%zz'), 400, 'invalid-request');
  });
});
