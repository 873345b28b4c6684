import { followingKey } from '../../fanout/baseline.js';
import { idOf } from '../../fanout/post.js';
import { answersOf } from '../../fanout/seeding.js';
import { type OpenFeed, PAGE } from '../feed.js';
import { postsKey, Store } from '../store.js';
import { userName } from '../users.js';

/** No timelines: whoever reads has the newest posts of each followed author fetched by a pipeline, and merged. */
export const openPull: OpenFeed = async (redisUrl) => {
  const store = new Store(redisUrl);
  const { redis } = store;
  return Promise.resolve({
    order: 'ids',
    prepare: async (users, posts) => store.prepare(users, posts),
    publish: async (post) => {
      const pipeline = redis.pipeline();
      store.put(pipeline, post);
      await answersOf(pipeline);
      return { id: idOf(post.n) };
    },
    follow: async (reader, author) => store.noteFollow(reader, author),
    newest: async (reader, since = '') => {
      const authors = await redis.smembers(followingKey(userName(reader)));
      const pipeline = redis.pipeline();
      for (const author of [userName(reader), ...authors]) pipeline.lrange(postsKey(author), 0, PAGE - 1);
      const lists = (await answersOf(pipeline)) as string[][];
      return store.newestOf(lists.flat(), since);
    },
    settle: async () => Promise.resolve(),
  });
};
