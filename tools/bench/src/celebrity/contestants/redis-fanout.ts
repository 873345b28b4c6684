import { Redis } from 'ioredis';
import { connectRedis, Fanout } from 'redis-fanout';

import { authorName, readerName } from '../../fanout/graph.js';
import { Keys } from '../../fanout/keys.js';
import { sendAll } from '../../fanout/seeding.js';
import { nowMs } from '../../shared/clock.js';
import { allDelivered, delivered } from '../../shared/delivered.js';
import { forEach } from '../../shared/for-each.js';
import type { Service, Setup, Worker } from '../contestant.js';
import { fillTimelines, oldPosts } from '../filling.js';
import { PAGE, TEXT } from '../plan.js';
import type { World } from '../world.js';

/** Posts that are published, and asked for, at once. */
const AT_ONCE = 50;
const POLL_MS = 20;
/** The time of a delivery is kept in whole milliseconds, rounded down. */
const HALF_MS = 0.5;

/** Commands may take as long as with the others: what waits longer than the usual 5 s is to be measured, not to fail. */
const PATIENT = { commandTimeout: 60_000 };

/** This project, as post-service and timeline-service have it. */
export async function openOurService({ redisUrl, ...options }: Setup): Promise<Service> {
  const fanout = await Fanout.open({ ...options, client: connectRedis(redisUrl, PATIENT) });
  return {
    prepare: async (world) => {
      const plain = new Redis(redisUrl);
      await prepare(fanout, plain, world);
      plain.disconnect();
    },
    publish: async ({ author }) => {
      const { post } = await fanout.posts.publish({ author: authorName(author), text: TEXT });
      return post.id;
    },
    page: async (reader) => {
      const { items } = await fanout.timelines.page(readerName(reader), { limit: PAGE });
      return items.map(({ id }) => id);
    },
  };
}

/** The worker of the library. Posts know when they were delivered: asking for it later costs nothing meanwhile. */
export async function openOurWorker({ redisUrl, ...options }: Setup): Promise<Worker> {
  const fanout = await Fanout.open({ ...options, client: connectRedis(redisUrl, PATIENT) });
  fanout.startDelivering();
  return {
    visibleAtMs: async (ids) => {
      const times: number[] = [];
      await forEach(ids, AT_ONCE, async (id, i) => {
        const { deliveredAt } = await delivered(fanout, id, POLL_MS);
        times[i] = Date.parse(deliveredAt ?? '');
      });
      const ahead = wallClockAheadMs();
      return times.map((ms) => ms + HALF_MS - ahead);
    },
  };
}

/** Nobody follows anybody when the old posts are published, so that they are not delivered but written into timelines. */
async function prepare(fanout: Fanout, plain: Redis, world: World): Promise<void> {
  const { authors } = world.spec;
  const ids: string[] = [];
  // One more, which is below them all.
  await forEach(Array.from({ length: oldPosts(world) + 1 }), AT_ONCE, async (_, i) => {
    const { post } = await fanout.posts.publish({ author: authorName(i % authors), text: TEXT });
    ids.push(post.id);
  });
  await allDelivered(plain, fanout);
  ids.sort();
  const keys = new Keys('fanout', fanout.partitions);
  await sendAll(plain, keys.follows(world.graph()));
  await fillTimelines(
    plain,
    world,
    (reader) => keys.timeline(reader),
    // The first entry is the floor.
    async (key, posts) =>
      plain.rpush(key, ids[posts.at(-1) ?? 0] ?? '', ...posts.map((n) => ids[n + 1] ?? '').reverse()),
  );
}

/** By how much the clock that Redis goes by is ahead of `nowMs`: looked up when it has just come to another millisecond. */
function wallClockAheadMs(): number {
  const before = Date.now();
  while (Date.now() === before);
  return Date.now() - nowMs();
}
