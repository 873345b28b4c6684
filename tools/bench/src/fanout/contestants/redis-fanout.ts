import { setTimeout as delay } from 'node:timers/promises';

import { Redis } from 'ioredis';
import { connectRedis, Fanout, type FanoutOptions } from 'redis-fanout';

import { forEach } from '../../shared/for-each.js';
import { type FanOut, listLengths, type OpenFanOut, TIMELINE_ENTRIES } from '../contestant.js';
import { authorName, readerName } from '../graph.js';
import { Keys, oldEntriesOf } from '../keys.js';
import type { NumberedPost } from '../post.js';
import { fillAll, sendAll } from '../seeding.js';

/** Posts that are being published at once. */
const PUBLISHING = 100;
const POLL_MS = 5;

type Setup = Omit<FanoutOptions, 'client'> & { readonly prefix: string };

/** Everything is pushed, as the others do it. */
export const openRedisFanout: OpenFanOut = async (redisUrl, partitions) =>
  open(redisUrl, { prefix: 'fanout', partitions, pushMaxFollowers: Infinity });

/** Posts of large audiences are left to be pulled: above so many followers in a partition, or as it is by default. */
export function hybridRedisFanout(options: Pick<FanoutOptions, 'pushMaxFollowers'> = {}): OpenFanOut {
  const prefix = `hybrid-${options.pushMaxFollowers ?? 'default'}`;
  return async (redisUrl, partitions) => open(redisUrl, { ...options, prefix, partitions });
}

/** This project, with a worker as it runs in the system. */
async function open(redisUrl: string, options: Setup): Promise<FanOut> {
  const client = connectRedis(redisUrl);
  const plain = new Redis(redisUrl);
  const fanout = await Fanout.open({ ...options, client, timelineMaxEntries: TIMELINE_ENTRIES });
  const isDelivered = async (): Promise<boolean> => {
    const lengths = await Promise.all(fanout.outboxes.map(async (outbox) => plain.xlen(outbox)));
    return lengths.every((length) => length === 0);
  };
  return {
    prepare: async (graph) => {
      const keys = new Keys(options.prefix, fanout.partitions);
      await sendAll(plain, keys.follows(graph));
      const makes = listLengths(graph).map(
        (length) => async (key: string) => plain.rpush(key, ...oldEntriesOf(length)),
      );
      await fillAll(plain, keys.timelines(graph), makes);
    },
    accept: async (posts) => {
      const ids = new Map<NumberedPost, string>();
      await forEach(posts, PUBLISHING, async (each) => {
        const { n, author } = each;
        const { post } = await fanout.posts.publish({ author: authorName(author), text: String(n) });
        ids.set(each, post.id);
      });
      return posts.toSorted((a, b) => ((ids.get(a) ?? '') < (ids.get(b) ?? '') ? -1 : 1));
    },
    deliver: async () => {
      const worker = fanout.startDelivering();
      while (!(await isDelivered())) await delay(POLL_MS);
      await worker.stop();
    },
    newest: async (reader, count) => {
      const { items } = await fanout.timelines.page(readerName(reader), { limit: count });
      return items.map(({ text }) => Number(text));
    },
    close: async () => {
      client.disconnect();
      plain.disconnect();
      return Promise.resolve();
    },
  };
}
