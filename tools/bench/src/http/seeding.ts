import { connectRedis, Fanout } from 'redis-fanout';

import { delivered } from '../shared/delivered.js';
import { forEach } from '../shared/for-each.js';
import { below, type Random, seededRandom } from '../shared/random.js';
import { type Plan, SEED } from './plan.js';
import { postText } from './post-text.js';

/** What is set up at once. */
const AT_ONCE = 200;
const POLL_MS = 20;
/** The oldest post is from 2025-09-09. */
const FIRST_POST_MS = 1_757_376_000_000;
const BETWEEN_POSTS_MS = 60_000;

/** A reader whose timeline is live, with the newest ids in it. */
export interface SeededReader {
  readonly name: string;
  readonly newest: readonly string[];
}

/** Fills a Redis: readers follow authors, whose posts are delivered, and every timeline was read. */
export async function seed(redisUrl: string, plan: Plan): Promise<SeededReader[]> {
  const client = connectRedis(redisUrl);
  try {
    const fanout = await Fanout.open({ client });
    const random = seededRandom(SEED);
    const authors = Array.from({ length: plan.authors }, (_, i) => `author-${String(i).padStart(6, '0')}`);
    const readers = Array.from({ length: plan.readers }, (_, i) => `reader-${String(i).padStart(6, '0')}`);
    const follows = readers.flatMap((reader) =>
      chosen(authors, plan.followed, random).map((author) => ({ reader, author })),
    );
    await forEach(follows, AT_ONCE, async ({ reader, author }) => fanout.follows.import(reader, author));
    await publishAll(fanout, authors, plan, random);
    const seeded = new Array<SeededReader>(readers.length);
    await forEach(readers, AT_ONCE, async (name, i) => {
      const { items } = await fanout.timelines.page(name, { limit: 10 });
      seeded[i] = { name, newest: items.map(({ id }) => id) };
    });
    return seeded;
  } finally {
    client.disconnect();
  }
}

async function publishAll(
  fanout: Fanout,
  authors: readonly string[],
  { postsOfAuthor }: Plan,
  random: Random,
): Promise<void> {
  const posts = Array.from({ length: authors.length * postsOfAuthor }, (_, i) => ({
    author: authors[i % authors.length] ?? '',
    text: postText(random),
    atMs: FIRST_POST_MS + i * BETWEEN_POSTS_MS,
  }));
  const worker = fanout.startDelivering();
  try {
    await forEach(posts, AT_ONCE, async (post) =>
      delivered(fanout, (await fanout.posts.import(post)).id, POLL_MS),
    );
  } finally {
    await worker.stop();
  }
}

/** So many of them, each once. */
function chosen<T>(from: readonly T[], count: number, random: Random): T[] {
  const left = [...from];
  return Array.from({ length: count }, () => left.splice(below(left.length, random), 1)).flat();
}
