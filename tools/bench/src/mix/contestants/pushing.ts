import { PushQueue } from '../../fanout/push-queue.js';
import { Pushes } from '../../fanout/pushes.js';
import type { OpenFeed } from '../feed.js';
import { PushFeed, type Pushing } from '../push-feed.js';
import { Store, timelineKey } from '../store.js';
import { Lists, SortedSets } from '../timelines.js';

/** Pipelines of pushes to sorted sets, each with a cut. */
export const openSortedSets: OpenFeed = async (redisUrl) => {
  const store = new Store(redisUrl);
  const pushes = Pushes.toSortedSets(store.redis, timelineKey);
  const deliver: Pushing['deliver'] = async (id, readers) => {
    await pushes.deliver(id, readers);
    return {};
  };
  return Promise.resolve(new PushFeed(store, new SortedSets(store), { order: 'ids', deliver }));
};

/** Pipelines of pushes to lists, with an occasional cut. */
export const openLists: OpenFeed = async (redisUrl) =>
  listFeed(redisUrl, ({ redis }) => {
    const pushes = Pushes.toLists(redis, timelineKey);
    return async (id, readers) => {
      await pushes.deliver(id, readers);
      return {};
    };
  });

/** The pushes of a post all at once. (It never cuts the timelines.) */
export const openPromiseAll: OpenFeed = async (redisUrl) =>
  listFeed(redisUrl, ({ redis }) => async (id, readers) => {
    await Promise.all(readers.map(async (reader) => redis.lpush(timelineKey(reader), id)));
    return {};
  });

/** A push for each follower, each awaited: what tutorials show. (It never cuts the timelines.) */
export const openTutorialLoop: OpenFeed = async (redisUrl) =>
  listFeed(redisUrl, ({ redis }) => async (id, readers) => {
    for (const reader of readers) await redis.lpush(timelineKey(reader), id);
    return {};
  });

/** BullMQ: a job for each chunk of followers, which a worker pushes to by a pipeline. */
export const openJobQueue: OpenFeed = async (redisUrl) =>
  listFeed(redisUrl, ({ redis }) => {
    const pushes = Pushes.toLists(redis, timelineKey);
    const queue = new PushQueue(redisUrl, async (id, readers) => pushes.deliver(id, readers));
    return async (id, readers) => queue.add(id, readers);
  });

async function listFeed(redisUrl: string, deliver: (store: Store) => Pushing['deliver']): Promise<PushFeed> {
  const store = new Store(redisUrl);
  const feed = new PushFeed(store, new Lists(store), { order: 'arrival', deliver: deliver(store) });
  return Promise.resolve(feed);
}
