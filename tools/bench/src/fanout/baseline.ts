import { Redis } from 'ioredis';

import { type FanOut, listLengths } from './contestant.js';
import { authorName, type Graph, readerName } from './graph.js';
import { idOf, numberOf } from './post.js';
import { fillAll, sendAll, setOf } from './seeding.js';

/** The followers of an author, by number or name: one set, which all contestants but ours share. */
export function followersKey(author: number | string): string {
  return `followers:${typeof author === 'number' ? authorName(author) : author}`;
}

/** The authors that a reader follows. */
export function followingKey(reader: string): string {
  return `following:${reader}`;
}

/** Which end of a list has the newest post. */
type NewestIs = 'first' | 'last';

/** What all contestants but ours have in common. */
export class Baseline {
  readonly redis: Redis;

  constructor(
    redisUrl: string,
    /** Tells its timelines from others'. */
    private readonly name: string,
  ) {
    this.redis = new Redis(redisUrl);
  }

  /** A contestant whose timelines are lists, by how it delivers. */
  withLists(deliver: FanOut['deliver']): FanOut {
    return {
      prepare: async (graph) => {
        await this.follow(graph);
        await this.fillLists(graph);
      },
      accept: async (posts) => Promise.resolve(posts),
      deliver,
      newest: async (reader, count) => this.newestOfList(reader, count),
      close: async () => {
        this.close();
        return Promise.resolve();
      },
    };
  }

  timelineKey(reader: string | number): string {
    return `${this.name}:timeline:${typeof reader === 'number' ? readerName(reader) : reader}`;
  }

  /** Writes who follows whom, unless another one has. */
  async follow(graph: Graph): Promise<void> {
    if ((await this.redis.set('followed', '', 'NX')) === null) return;
    await sendAll(this.redis, followCommands(graph));
  }

  /** Fills the timelines, which are lists. */
  async fillLists(graph: Graph, newestIs: NewestIs = 'first'): Promise<void> {
    const makes = listLengths(graph).map((length) => async (key: string) => {
      const ids = oldIds(length);
      await this.redis.rpush(key, ...(newestIs === 'first' ? ids : ids.reverse()));
    });
    await fillAll(this.redis, this.timelineKeys(graph), makes);
  }

  /** Fills the timelines, which are sorted sets. */
  async fillSortedSets(graph: Graph): Promise<void> {
    const members = oldIds(graph.oldEntries).flatMap((id) => [id, id]);
    await fillAll(this.redis, this.timelineKeys(graph), [async (key) => this.redis.zadd(key, ...members)]);
  }

  async newestOfList(reader: number, count: number, newestIs: NewestIs = 'first'): Promise<number[]> {
    const key = this.timelineKey(reader);
    if (newestIs === 'first') return (await this.redis.lrange(key, 0, count - 1)).map(numberOf);
    return (await this.redis.lrange(key, -count, -1)).map(numberOf).reverse();
  }

  close(): void {
    this.redis.disconnect();
  }

  private *timelineKeys({ readers, isActive }: Graph): Generator<string> {
    for (let reader = 0; reader < readers; reader++) if (isActive(reader)) yield this.timelineKey(reader);
  }
}

/** Ids below those of all posts, newest first. */
function oldIds(length: number): string[] {
  return Array.from({ length }, (_, i) => idOf(-1 - i));
}

/** Commands that write who follows whom; authors may have other names than usual. */
export function* followCommands(
  graph: Graph,
  nameOf: (author: number) => string = authorName,
): Generator<string[]> {
  for (let author = 0; author < graph.authors; author++) {
    yield* setOf(followersKey(nameOf(author)), Array.from(graph.followersOf(author), readerName));
  }
  for (let reader = 0; reader < graph.readers; reader++) {
    yield* setOf(followingKey(readerName(reader)), Array.from(graph.followedBy(reader), nameOf));
  }
}
