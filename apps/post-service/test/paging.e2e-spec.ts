import type { Post } from 'redis-fanout';
import { type Caller, cleanUp, expectInvalid, Library, ownRedis } from 'test-support';

import { publish, startService } from './support/system.js';

const LIMITS = [1, 2, 7, 100];
const cursorOf = (text: string): string => Buffer.from(text).toString('base64url');

describe('paging', () => {
  let api: Caller;
  let library: Library;

  beforeAll(async () => {
    const redis = await ownRedis();
    ({ api } = await startService(redis, { RATE_LIMIT_POSTS_PER_MINUTE: '0' }));
    library = await Library.open(redis);
  });

  afterAll(cleanUp);

  const follow = async (pairs: readonly (readonly [string, string])[]): Promise<void> => {
    await Promise.all(pairs.map(([reader, author]) => library.fanout.follows.import(reader, author)));
  };

  describe('of posts', () => {
    let posts: Post[];

    beforeAll(async () => {
      posts = [];
      for (let i = 0; i < 210; i++) posts.unshift(await publish(api, 'writer', `post ${i}`));
    });

    it.each(LIMITS)('shows all newest first, %i at a time', async (limit) => {
      expect(await api.allPages('/users/writer/posts', limit)).toEqual(posts);
    });

    it('shows fifty unless told', async () => {
      const { items, nextCursor } = await api.page('/users/writer/posts');
      expect(items).toEqual(posts.slice(0, 50));
      expect(nextCursor).not.toBeNull();
    });

    it('ends with the page that is full where nothing comes after it', async () => {
      for (let i = 0; i < 4; i++) await publish(api, 'four');
      const first = await api.page('/users/four/posts', { limit: 2 });
      const second = await api.page('/users/four/posts', { limit: 2, cursor: first.nextCursor ?? '' });
      expect(second).toMatchObject({ items: [{}, {}], nextCursor: null });
      expect(await api.page('/users/four/posts', { limit: 4 })).toMatchObject({ nextCursor: null });
    });

    it('is not moved by posts that come, nor by deletions between two pages', async () => {
      const old: Post[] = [];
      for (let i = 0; i < 10; i++) old.unshift(await publish(api, 'busy'));
      const first = await api.page('/users/busy/posts', { limit: 4 });
      await publish(api, 'busy', 'new');
      await api.delete(`/posts/${old[3]?.id ?? ''}?author=busy`);
      await api.delete(`/posts/${old[4]?.id ?? ''}?author=busy`);
      const second = await api.page('/users/busy/posts', { limit: 4, cursor: first.nextCursor ?? '' });
      expect([first.items, second.items]).toEqual([old.slice(0, 4), old.slice(5, 9)]);
    });

    it('is full after deletions', async () => {
      const all: Post[] = [];
      for (let i = 0; i < 30; i++) all.unshift(await publish(api, 'deleter'));
      for (const [i, { id }] of all.entries()) if (i % 3 > 0) await api.delete(`/posts/${id}?author=deleter`);
      const left = all.filter((_, i) => i % 3 === 0);
      for (const limit of LIMITS) expect(await api.allPages('/users/deleter/posts', limit)).toEqual(left);
    });
  });

  describe.each([
    ['with names', (i: number) => `fan-${i}`],
    ['with numbers, which Redis keeps in another form', (i: number) => String(i * 7 - 1000)],
    ['with numbers and a name', (i: number) => (i === 17 ? 'name' : String(i))],
  ])('of users %s', (kind, name) => {
    const author = `star-${kind.length}`;
    const users = Array.from({ length: 211 }, (_, i) => name(i)).sort();

    beforeAll(async () => {
      await follow(users.flatMap((user) => [[user, author] as const, [author, user] as const]));
    });

    it.each(LIMITS)('shows each follower and each author followed once, %i at a time', async (limit) => {
      for (const list of ['followers', 'following']) {
        const all = (await api.allPages(`/users/${author}/${list}`, limit)) as string[];
        expect(all.sort()).toEqual(users);
      }
    });
  });

  it.each([[LIMITS[2]], [LIMITS[3]]])(
    'shows each of thousands of followers once, %i at a time',
    async (limit = 1) => {
      const fans = Array.from({ length: 3500 }, (_, i) => (i % 2 === 0 ? `fan_${i}` : String(i))).sort();
      await follow(fans.map((fan) => [fan, 'idol'] as const));
      const all = (await api.allPages('/users/idol/followers', limit)) as string[];
      expect(all.sort()).toEqual(fans);
      expect((await api.get('/users/idol')).body).toMatchObject({ followers: 3500 });
    },
  );

  it.each([1, 2, 3])('misses no follower while others come and go, %i at a time', async (limit) => {
    const author = `crowded-${limit}`;
    const fans = Array.from({ length: 1025 }, (_, i) => `fan-${limit}-${i}`);
    // One more than a table of Redis holds: it is about to be moved to a larger one, a step with each change.
    const redis = await ownRedis({ settings: { activerehashing: 'no' } });
    const { api: own } = await startService(redis, { FANOUT_PARTITIONS: '1' });
    const { fanout } = await Library.open(redis);
    for (const fan of fans) await fanout.follows.import(fan, author);
    const seen = new Set<unknown>();
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await own.page(`/users/${author}/followers`, { limit, ...(cursor !== '' && { cursor }) });
      for (const item of page.items) seen.add(item);
      cursor = page.nextCursor;
      await fanout.follows.import('passer-by', author);
      await fanout.follows.unfollow('passer-by', author);
    }
    expect(fans.filter((fan) => !seen.has(fan))).toEqual([]);
  });

  describe.each(['posts', 'following', 'followers'])('the parameters of /users/{user}/%s', (list) => {
    it.each(['0', '101', '-1', '1.5', '1e1', 'ten', '', '%20', '99999999999999999999'])(
      'refuse the limit "%s"',
      async (limit) => {
        expectInvalid(await api.get(`/users/writer/${list}?limit=${limit}`), 'limit');
      },
    );

    it.each([
      '',
      'x',
      'null',
      '%00',
      cursorOf('1'),
      cursorOf('0:0:'),
      cursorOf('0:0:a:b'),
      cursorOf('0:x:a'),
      cursorOf('0:99999999999999999999:a'),
      cursorOf('12345.0'),
      cursorOf('9999999999999999999.0'),
      cursorOf('1234567890123456789.x'),
      `${cursorOf('1234567890123456789.0')}=`,
      'x'.repeat(1025),
    ])('refuse the cursor "%s"', async (cursor) => {
      expectInvalid(await api.get(`/users/writer/${list}?cursor=${cursor}`), 'cursor');
    });

    it('refuse what is given twice', async () => {
      expectInvalid(await api.get(`/users/writer/${list}?limit=1&limit=2`), 'limit');
    });
  });

  it('refuses the cursor of another kind of list', async () => {
    const { nextCursor: ofPosts } = await api.page('/users/writer/posts', { limit: 1 });
    const { nextCursor: ofUsers } = await api.page('/users/star-10/followers', { limit: 1 });
    expectInvalid(await api.get(`/users/writer/followers?cursor=${ofPosts ?? ''}`), 'cursor');
    expectInvalid(await api.get(`/users/writer/posts?cursor=${ofUsers ?? ''}`), 'cursor');
  });
});
