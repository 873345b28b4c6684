import { followersKey, followingKey } from '../../fanout/baseline.js';
import { idOf } from '../../fanout/post.js';
import { Pushes } from '../../fanout/pushes.js';
import { answersOf, sendAll } from '../../fanout/seeding.js';
import { type OpenFeed, PAGE } from '../feed.js';
import { postsKey, Store, timelineKey } from '../store.js';
import { Lists } from '../timelines.js';
import { type Users, userName } from '../users.js';

/** Where more than one in so many users follow an author, the posts are not pushed but pulled. */
export const LARGE = 4;

/** The authors that are pulled. */
const LARGE_KEY = 'large';

/** Posts are pushed to lists by pipelines, but those of large authors are fetched by who reads. */
export const openHybrid: OpenFeed = async (redisUrl) => {
  const store = new Store(redisUrl);
  const { redis } = store;
  const timelines = new Lists(store);
  const pushes = Pushes.toLists(redis, timelineKey);
  let pushMaxFollowers = Infinity;
  return Promise.resolve({
    order: 'arrival',
    prepare: async (users, posts) => {
      pushMaxFollowers = users.graph.readers / LARGE;
      const large = new Set(largeAuthors(users, pushMaxFollowers));
      await sendAll(
        redis,
        [...large].map((author) => ['SADD', LARGE_KEY, userName(author)]),
      );
      await timelines.fill(users, posts, (author) => !large.has(author));
      return store.prepare(users, posts);
    },
    publish: async (post) => {
      const author = userName(post.author);
      const pipeline = redis.pipeline();
      store.put(pipeline, post);
      const answers = await answersOf(pipeline.scard(followersKey(author)));
      const isLarge = Number(answers.at(-1)) > pushMaxFollowers;
      if (isLarge) await redis.sadd(LARGE_KEY, author);
      const followers = isLarge ? [] : await redis.smembers(followersKey(author));
      await pushes.deliver(idOf(post.n), [author, ...followers]);
      return { id: idOf(post.n) };
    },
    follow: async (reader, author) => timelines.mergeIn(userName(reader), await store.follow(reader, author)),
    newest: async (reader, since = '') => {
      const name = userName(reader);
      const [pushed, large] = (await answersOf(
        redis
          .pipeline()
          .lrange(timelineKey(name), 0, PAGE - 1)
          .sinter(followingKey(name), LARGE_KEY),
      )) as [string[], string[]];
      const pipeline = redis.pipeline();
      for (const author of large) pipeline.lrange(postsKey(author), 0, PAGE - 1);
      const pulled = large.length === 0 ? [] : ((await answersOf(pipeline)) as string[][]);
      return store.newestOf([...pushed, ...pulled.flat()], since);
    },
    settle: async () => Promise.resolve(),
  });
};

function largeAuthors({ graph }: Users, pushMaxFollowers: number): number[] {
  const authors = Array.from({ length: graph.authors }, (_, author) => author);
  return authors.filter((author) => graph.followersOf(author).length > pushMaxFollowers);
}
