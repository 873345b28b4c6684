import { setTimeout as delay } from 'node:timers/promises';

import { Redis } from 'ioredis';

import { Baseline, followersKey } from '../../fanout/baseline.js';
import { authorName } from '../../fanout/graph.js';
import { idOf, type NumberedPost } from '../../fanout/post.js';
import { Pushes } from '../../fanout/pushes.js';
import { sendAll } from '../../fanout/seeding.js';
import { nowMs } from '../../shared/clock.js';
import type { Service, Setup, Worker } from '../contestant.js';
import { fillTimelines, oldPosts } from '../filling.js';
import { AT_ONCE, PAGE, TEXT } from '../plan.js';
import type { World } from '../world.js';

/** Posts on their way to the worker. */
const QUEUE = 'queue';
const POLL_MS = 5;
const INVISIBLE_AFTER_MS = 60_000;

/** How timelines are kept. */
export interface Kind {
  /** The first part of their keys. */
  readonly name: string;
  readonly pushes: typeof Pushes.toLists;
  /** Makes a timeline of these posts, which are given newest first. */
  readonly make: (redis: Redis, key: string, ids: readonly string[]) => Promise<unknown>;
  readonly newest: (redis: Redis, key: string) => Promise<string[]>;
}

export const LISTS_KIND: Kind = {
  name: 'lists',
  pushes: (redis, keyOf) => Pushes.toLists(redis, keyOf),
  make: async (redis, key, ids) => redis.rpush(key, ...ids),
  newest: async (redis, key) => redis.lrange(key, 0, PAGE - 1),
};

export const SORTED_SETS_KIND: Kind = {
  name: 'sorted-sets',
  pushes: (redis, keyOf) => Pushes.toSortedSets(redis, keyOf),
  make: async (redis, key, ids) => redis.zadd(key, ...ids.flatMap((id) => [id, id])),
  newest: async (redis, key) => redis.zrevrange(key, 0, PAGE - 1),
};

/** A service that stores posts as JSON, and queues them for the worker. */
export async function openService({ redisUrl }: Setup, kind: Kind): Promise<Service> {
  const baseline = new Baseline(redisUrl, kind.name);
  const { redis } = baseline;
  return Promise.resolve({
    prepare: async (world) => prepare(baseline, kind, world),
    publish: async ({ n, author }) => {
      const id = idOf(n);
      await redis
        .multi()
        .set(bodyKey(id), bodyOf(id, author))
        .rpush(QUEUE, JSON.stringify({ n, author }))
        .exec();
      return id;
    },
    page: async (reader) => {
      const ids = await kind.newest(redis, baseline.timelineKey(reader));
      const bodies = await redis.mget(ids.map(bodyKey));
      return bodies.flatMap((body) =>
        body === null ? [] : [(JSON.parse(body) as { readonly id: string }).id],
      );
    },
  });
}

/** A worker that delivers some posts at once, so that a large audience does not have all others wait. */
export async function openWorker({ redisUrl }: Setup, { name, pushes }: Kind): Promise<Worker> {
  const baseline = new Baseline(redisUrl, name);
  const { redis } = baseline;
  const pushing = pushes(redis, (follower) => baseline.timelineKey(follower));
  const visible = new Map<string, number>();
  const deliverOneByOne = async (): Promise<never> => {
    const queue = new Redis(redisUrl);
    for (;;) {
      const [, text = ''] = (await queue.blpop(QUEUE, 0)) ?? [];
      const { n, author } = JSON.parse(text) as NumberedPost;
      await pushing.deliver(idOf(n), await redis.smembers(followersKey(author)));
      visible.set(idOf(n), nowMs());
    }
  };
  for (let i = 0; i < AT_ONCE; i++) void deliverOneByOne();
  return Promise.resolve({
    visibleAtMs: async (ids) => Promise.all(ids.map(async (id) => taken(visible, id))),
  });
}

/** What stands in the map, by and by. */
async function taken(visible: Map<string, number>, id: string): Promise<number> {
  const deadline = Date.now() + INVISIBLE_AFTER_MS;
  for (;;) {
    const atMs = visible.get(id);
    if (atMs !== undefined) {
      visible.delete(id);
      return atMs;
    }
    if (Date.now() > deadline) throw new Error(`post ${id} is not delivered in time`);
    await delay(POLL_MS);
  }
}

async function prepare(baseline: Baseline, { make }: Kind, world: World): Promise<void> {
  const { redis } = baseline;
  const { authors } = world.spec;
  // Below the ids of all posts that come.
  const ids = Array.from({ length: oldPosts(world) }, (_, n) => idOf(n - oldPosts(world)));
  await sendAll(
    redis,
    ids.map((id, n) => ['SET', bodyKey(id), bodyOf(id, n % authors)]),
  );
  await baseline.follow(world.graph());
  await fillTimelines(
    redis,
    world,
    (reader) => baseline.timelineKey(reader),
    async (key, posts) =>
      make(
        redis,
        key,
        posts.map((n) => ids[n] ?? ''),
      ),
  );
}

function bodyKey(id: string): string {
  return `post:${id}`;
}

function bodyOf(id: string, author: number): string {
  return JSON.stringify({ id, author: authorName(author), text: TEXT, createdAt: new Date().toISOString() });
}
