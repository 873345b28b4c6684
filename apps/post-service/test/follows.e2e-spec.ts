import { type Caller, cleanUp, expectInvalid, Library, ownRedis } from 'test-support';

import { publish, startService } from './support/system.js';

describe('following', () => {
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

  it('is there once answered, also when repeated, on every instance', async () => {
    for (let i = 0; i < 3; i++) {
      expect(await api.put('/users/ada/following/bob')).toMatchObject({ status: 204, body: '' });
    }
    for (const instance of [api, other]) {
      expect(await instance.page('/users/ada/following')).toEqual({ items: ['bob'], nextCursor: null });
      expect(await instance.page('/users/bob/followers')).toEqual({ items: ['ada'], nextCursor: null });
      expect((await instance.get('/users/ada')).body).toEqual({
        user: 'ada',
        posts: 0,
        followers: 0,
        following: 1,
      });
      expect((await instance.get('/users/bob')).body).toMatchObject({ followers: 1, following: 0 });
    }
  });

  it('is gone once unfollowed, also when repeated or never there', async () => {
    await api.put('/users/cid/following/dan');
    for (let i = 0; i < 3; i++) {
      expect(await api.delete('/users/cid/following/dan')).toMatchObject({ status: 204, body: '' });
    }
    for (const instance of [api, other]) {
      expect(await instance.page('/users/cid/following')).toEqual({ items: [], nextCursor: null });
      expect(await instance.page('/users/dan/followers')).toEqual({ items: [], nextCursor: null });
      expect((await instance.get('/users/dan')).body).toMatchObject({ followers: 0 });
    }
  });

  it("brings the author's recent posts into a live timeline, and unfollowing takes them out", async () => {
    const own = await publish(api, 'reader');
    await library.fanout.timelines.page('reader');
    const posts = [await publish(api, 'author'), await publish(api, 'author')].reverse();
    await library.deliverAll();
    await api.put('/users/reader/following/author');
    expect((await library.fanout.timelines.page('reader')).items).toEqual([...posts, own]);
    await api.delete('/users/reader/following/author');
    expect((await library.fanout.timelines.page('reader')).items).toEqual([own]);
  });

  it('oneself is refused', async () => {
    expectInvalid(await api.put('/users/ada/following/ada'), 'author');
    expect(await api.page('/users/ada/followers')).toMatchObject({ items: [] });
  });

  it.each(['a%20b', 'a.b', '%00', 'x'.repeat(65), '%C3%A9', '%0A', ':'])(
    'refuses the user id %s',
    async (id) => {
      expectInvalid(await api.put(`/users/${id}/following/ada`), 'user');
      expectInvalid(await api.put(`/users/ada/following/${id}`), 'author');
      expectInvalid(await api.delete(`/users/${id}/following/ada`), 'user');
      expectInvalid(await api.delete(`/users/ada/following/${id}`), 'author');
      for (const path of ['', '/posts', '/following', '/followers']) {
        expectInvalid(await api.get(`/users/${id}${path}`), 'user');
      }
    },
  );

  it('counts what follows come to', async () => {
    for (let i = 0; i < 5; i++) {
      await api.put(`/users/counted/following/author-${i}`);
      await api.put(`/users/fan-${i}/following/counted`);
    }
    await api.delete('/users/counted/following/author-0');
    await api.delete('/users/fan-1/following/counted');
    await api.delete('/users/fan-2/following/counted');
    for (let i = 0; i < 3; i++) await publish(api, 'counted');
    expect((await other.get('/users/counted')).body).toEqual({
      user: 'counted',
      posts: 3,
      followers: 3,
      following: 4,
    });
  });

  it('is all zeros and empty pages for a user of whom nothing is known', async () => {
    expect((await api.get('/users/nobody')).body).toEqual({
      user: 'nobody',
      posts: 0,
      followers: 0,
      following: 0,
    });
    for (const list of ['posts', 'following', 'followers']) {
      expect(await api.page(`/users/nobody/${list}`)).toEqual({ items: [], nextCursor: null });
    }
  });
});
