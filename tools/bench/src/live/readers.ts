import { connectRedis, Fanout } from 'redis-fanout';

import { forEach } from '../shared/for-each.js';
import { AUTHOR } from './post.js';

/** Readers that are set up at once. */
const AT_ONCE = 50;

/** Lets readers follow the author, each with a timeline that was read: posts are pushed to all of them. */
export async function setUpReaders(redisUrl: string, count: number): Promise<string[]> {
  const readers = Array.from({ length: count }, (_, i) => `reader-${String(i).padStart(6, '0')}`);
  const client = connectRedis(redisUrl);
  try {
    const fanout = await Fanout.open({ client });
    await forEach(readers, AT_ONCE, async (reader) => {
      await fanout.follows.follow(reader, AUTHOR);
      await fanout.timelines.page(reader);
    });
  } finally {
    client.disconnect();
  }
  return readers;
}
