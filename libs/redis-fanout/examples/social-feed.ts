/**
 * A social feed: a timeline for each reader, pushed to those who are active; of authors with many followers pulled.
 *
 *   node examples/social-feed.ts redis://127.0.0.1:6379
 */
import { setTimeout as delay } from 'node:timers/promises';

import { Redis } from 'ioredis';
import { openTimelines } from 'redis-fanout';

interface Post {
  readonly text: string;
}

const client = new Redis(process.argv[2] ?? 'redis://127.0.0.1:6379');
// The posts of an author with more than 100 followers in a partition are kept once there, and merged in when read.
const feed = await openTimelines<Post>({ client, prefix: 'feed', pushMaxFollowers: 100 });

/** The whole timeline of a reader, page by page, newest first: it ends with the first post, not at a cap. */
async function timeline(reader: string): Promise<string[]> {
  const texts: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await feed.read(reader, { limit: 2, cursor });
    texts.push(...page.items.map(({ source, payload }) => `${source}: ${payload.text}`));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return texts;
}

// Following brings in what was posted before.
await feed.publish('ann', { text: 'the first post' });
await feed.subscribe('bob', 'ann');
await Promise.all(Array.from({ length: 2000 }, (_, fan) => feed.subscribe(`fan-${fan}`, 'star')));
await feed.subscribe('bob', 'star');
console.log('bob reads', await timeline('bob'));

// Live: each post that enters the timeline, once. After a gap (the history is not without end) it is read again.
const heard: string[] = [];
const listening = await feed.listen(
  'bob',
  ({ source, payload }) => {
    console.log(`bob hears ${source}: ${payload.text}`);
    heard.push(source);
  },
  { onGap: () => void timeline('bob') },
);
await feed.publish('ann', { text: 'the second post' });
while (heard.length < 1) await delay(10);
await feed.publish('star', { text: 'hello, all 2,001 of you' });
while (heard.length < 2) await delay(10);
console.log('bob reads', await timeline('bob'));

// Unfollowing takes an author's posts out, at once.
await feed.unsubscribe('bob', 'star');
console.log('bob reads', await timeline('bob'));

await listening.close();
await feed.close();
client.disconnect();
