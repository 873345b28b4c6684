import { setTimeout as delay } from 'node:timers/promises';

import { Redis } from 'ioredis';
import { connectRedis, Fanout, hashTags, partitionOfUser } from 'redis-fanout';

import { forEach } from '../../shared/for-each.js';
import { type OpenFanOut, TIMELINE_ENTRIES } from '../contestant.js';
import { authorName, type Graph, readerName } from '../graph.js';
import type { NumberedPost } from '../post.js';
import { fillAll, sendAll, setOf } from '../seeding.js';

/** Posts that are being published at once. */
const PUBLISHING = 100;
const POLL_MS = 5;

/** This project: everything is pushed, as the others do it; and a worker as it runs in the system. */
export const openRedisFanout: OpenFanOut = async (redisUrl, partitions) => {
  const client = connectRedis(redisUrl);
  const plain = new Redis(redisUrl);
  const fanout = await Fanout.open({
    client,
    partitions,
    pushMaxFollowers: Infinity,
    timelineMaxEntries: TIMELINE_ENTRIES,
  });
  const isDelivered = async (): Promise<boolean> => {
    const lengths = await Promise.all(fanout.outboxes.map(async (outbox) => plain.xlen(outbox)));
    return lengths.every((length) => length === 0);
  };
  return {
    prepare: async (graph) => {
      const keys = new Keys(fanout.partitions);
      await sendAll(plain, keys.follows(graph));
      await fillAll(plain, keys.timelines(graph), async (key) => plain.rpush(key, ...oldEntries()));
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
};

/** Keys as `docs/architecture.md` has them: a follow for each call would take too long for some million. */
class Keys {
  private readonly tags: readonly string[];

  constructor(private readonly partitions: number) {
    this.tags = hashTags(partitions);
  }

  *follows(graph: Graph): Generator<string[]> {
    for (let author = 0; author < graph.authors; author++) {
      const parts: string[][] = this.tags.map(() => []);
      for (const reader of graph.followersOf(author)) {
        parts[this.partitionOf(reader)]?.push(readerName(reader));
      }
      for (const [partition, readers] of parts.entries()) {
        yield* setOf(this.key(partition, 'followers', authorName(author)), readers);
      }
    }
    for (let reader = 0; reader < graph.readers; reader++) {
      const key = this.key(this.partitionOf(reader), 'following', readerName(reader));
      yield* setOf(key, Array.from(graph.followedBy(reader), authorName));
    }
  }

  *timelines({ readers }: Graph): Generator<string> {
    for (let reader = 0; reader < readers; reader++) {
      yield this.key(this.partitionOf(reader), 'timeline', readerName(reader));
    }
  }

  private partitionOf(reader: number): number {
    return partitionOfUser(readerName(reader), this.partitions);
  }

  private key(partition: number, kind: string, user: string): string {
    return `fanout:{${this.tags[partition] ?? ''}}:${kind}:${user}`;
  }
}

/** Ids below those of all posts, newest first; the last one is the floor. */
function oldEntries(): string[] {
  return Array.from({ length: TIMELINE_ENTRIES + 1 }, (_, i) => String(10n ** 18n - BigInt(i)));
}
