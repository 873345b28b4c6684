import { Redis } from 'ioredis';
import { connectRedis, Fanout } from 'redis-fanout';

import { TIMELINE_ENTRIES } from '../../fanout/contestant.js';
import { Keys } from '../../fanout/keys.js';
import type { NumberedPost } from '../../fanout/post.js';
import { sendAll } from '../../fanout/seeding.js';
import { allDelivered } from '../../shared/delivered.js';
import { forEach } from '../../shared/for-each.js';
import { type OpenFeed, PAGE, textOf } from '../feed.js';
import { userName } from '../users.js';

const PREFIX = 'fanout';
/** What is done at once while timelines are filled. */
const AT_ONCE = 100;
const POLL_MS = 10;

/** This project: with its defaults, but for the length of timelines, and a worker as it runs in the system. */
export const openRedisFanout: OpenFeed = async (redisUrl) => {
  const client = connectRedis(redisUrl);
  const plain = new Redis(redisUrl);
  const fanout = await Fanout.open({ client, prefix: PREFIX, timelineMaxEntries: TIMELINE_ENTRIES });
  const settle = async (): Promise<void> => allDelivered(plain, fanout, POLL_MS);
  return {
    order: 'ids',
    prepare: async ({ graph, active }, posts) => {
      // Those who read have a timeline: soon made while they follow nobody, then filled by delivering.
      await forEach(active, AT_ONCE, async (user) => fanout.timelines.page(userName(user)));
      await sendAll(plain, new Keys(PREFIX, fanout.partitions, userName).follows(graph));
      const newest = await importAll(fanout, posts);
      // From now on. What waits by then is delivered in its order, which is soonest done.
      fanout.startDelivering();
      await settle();
      // As in a service that has run for a while: pages have been read, and bodies are kept.
      await forEach(active, AT_ONCE, async (user) => fanout.timelines.page(userName(user)));
      return newest;
    },
    publish: async ({ n, author }) => {
      const { post } = await fanout.posts.publish({ author: userName(author), text: textOf(n) });
      return { id: post.id };
    },
    follow: async (reader, author) => fanout.follows.follow(userName(reader), userName(author)),
    newest: async (reader, since) => {
      const { items } = await fanout.timelines.page(userName(reader), { limit: PAGE, since });
      return [...items];
    },
    settle,
  };
};

/** Brings posts in, a millisecond apart. Answers the id of the newest. */
async function importAll(fanout: Fanout, posts: readonly NumberedPost[]): Promise<string> {
  const firstMs = Date.now() - posts.length - 1;
  let newest = '';
  await forEach(posts, AT_ONCE, async ({ n, author }, i) => {
    const post = { author: userName(author), text: textOf(n), atMs: firstMs + i };
    const { id } = await fanout.posts.import(post);
    if (id > newest) newest = id;
  });
  return newest;
}
