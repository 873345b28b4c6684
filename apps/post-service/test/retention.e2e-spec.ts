import type { Post } from 'redis-fanout';
import { type Caller, cleanUp, ownRedis } from 'test-support';

import { readConfig } from '../src/config.js';
import { publish, startService } from './support/system.js';

describe('AUTHOR_MAX_POSTS', () => {
  const env = { TIMELINE_MAX_ENTRIES: '10', AUTHOR_MAX_POSTS: '20' };
  let api: Caller;

  beforeAll(async () => {
    ({ api } = await startService(await ownRedis(), env));
  });

  afterAll(cleanUp);

  it('is how many posts of an author are listed; older ones count, and can be had by their ids', async () => {
    const posts: Post[] = [];
    for (let i = 0; i < 25; i++) posts.unshift(await publish(api, 'ada', `post ${i}`));
    expect(await api.allPages('/users/ada/posts', 7)).toEqual(posts.slice(0, 20));
    expect((await api.get('/users/ada')).body).toMatchObject({ posts: 25 });
    expect((await api.get(`/posts/${posts[24]?.id ?? ''}`)).body).toEqual(posts[24]);
  });

  it('is refused at the start where a timeline could hold more', () => {
    const read = (): unknown => readConfig({ ...env, REDIS_URL: 'redis://h', TIMELINE_MAX_ENTRIES: '20' });
    expect(read).toThrow('AUTHOR_MAX_POSTS must be at least 22 where TIMELINE_MAX_ENTRIES is 20, not 20');
  });
});
