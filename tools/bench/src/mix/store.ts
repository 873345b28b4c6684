import { type ChainableCommander, Redis } from 'ioredis';

import { followCommands, followersKey, followingKey } from '../fanout/baseline.js';
import { TIMELINE_ENTRIES } from '../fanout/contestant.js';
import { idOf, type NumberedPost } from '../fanout/post.js';
import { answersOf, sendAll } from '../fanout/seeding.js';
import { PAGE, type Shown, textOf } from './feed.js';
import { type Users, userName } from './users.js';

/** What all contestants but ours keep beside timelines: who follows whom, posts as JSON, and the ids of each author's own. */
export class Store {
  readonly redis: Redis;

  constructor(redisUrl: string) {
    this.redis = new Redis(redisUrl);
  }

  /** Answers the id of the last post. */
  async prepare({ graph }: Users, posts: readonly NumberedPost[]): Promise<string> {
    await sendAll(this.redis, followCommands(graph, userName));
    await sendAll(this.redis, postCommands(posts));
    return idOf(posts.at(-1)?.n ?? 0);
  }

  /** Stores a post, and answers to whose timelines it belongs: its author's, and those of all followers. */
  async add(post: NumberedPost): Promise<string[]> {
    const pipeline = this.redis.pipeline();
    this.put(pipeline, post);
    const answers = await answersOf(pipeline.smembers(followersKey(userName(post.author))));
    return [userName(post.author), ...(answers.at(-1) as string[])];
  }

  /** The commands that store a post. */
  put(pipeline: ChainableCommander, { n, author }: NumberedPost): void {
    const own = postsKey(userName(author));
    pipeline.set(postKey(idOf(n)), bodyOf(n, author));
    pipeline.lpush(own, idOf(n));
    pipeline.ltrim(own, 0, TIMELINE_ENTRIES - 1);
  }

  /** Notes a follow, and answers the ids of the author's posts. */
  async follow(reader: number, author: number): Promise<string[]> {
    const pipeline = this.followPipeline(reader, author);
    const answers = await answersOf(pipeline.lrange(postsKey(userName(author)), 0, TIMELINE_ENTRIES - 1));
    return answers.at(-1) as string[];
  }

  async noteFollow(reader: number, author: number): Promise<void> {
    await answersOf(this.followPipeline(reader, author));
  }

  /** The newest of these posts, newest first: those above an id. */
  async newestOf(ids: readonly string[], since: string): Promise<Shown[]> {
    const newest = [...new Set(ids)]
      .filter((id) => id > since)
      .sort()
      .reverse();
    return this.show(newest.slice(0, PAGE));
  }

  /** The posts, in the order of the ids. */
  async show(ids: readonly string[]): Promise<Shown[]> {
    if (ids.length === 0) return [];
    const bodies = await this.redis.mget(ids.map(postKey));
    return bodies.flatMap((body) => (body === null ? [] : [JSON.parse(body) as Shown]));
  }

  private followPipeline(reader: number, author: number): ChainableCommander {
    return this.redis
      .pipeline()
      .sadd(followersKey(userName(author)), userName(reader))
      .sadd(followingKey(userName(reader)), userName(author));
  }
}

/** The ids of an author's own posts, newest first. */
export function postsKey(author: string): string {
  return `posts:${author}`;
}

export function timelineKey(reader: string): string {
  return `timeline:${reader}`;
}

function postKey(id: string): string {
  return `post:${id}`;
}

/** What ours keeps of a post, too. */
function bodyOf(n: number, author: number): string {
  const createdAt = new Date().toISOString();
  return JSON.stringify({ id: idOf(n), author: userName(author), text: textOf(n), createdAt });
}

function* postCommands(posts: readonly NumberedPost[]): Generator<string[]> {
  for (const { n, author } of posts) {
    yield ['SET', postKey(idOf(n)), bodyOf(n, author)];
    yield ['LPUSH', postsKey(userName(author)), idOf(n)];
  }
}
