import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Post } from 'redis-fanout';
import { cleanUp, Library, ownRedis, until } from 'test-support';

import { addReaders, entries, publish, startService } from './support/system.js';

const READERS = ['reader-1', 'reader-2', 'reader-3'];
const idsOf = (posts: readonly Post[]): string[] => posts.map(({ id }) => id).reverse();

/** Publishes for several authors, in many partitions. */
async function publishMany(library: Library, count: number): Promise<Post[]> {
  const posts: Post[] = [];
  for (let i = 0; i < count; i++) posts.push(await publish(library, `author-${i % 10}`));
  return posts.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function followAll(library: Library): Promise<void> {
  for (let i = 0; i < 10; i++) await addReaders(library, `author-${i}`, ...READERS);
}

/** Waits for the deliveries, and looks at what came of them. */
async function expectDelivered(library: Library, posts: readonly Post[]): Promise<void> {
  await until(async () => (await library.backlog()) === 0, 'everything is delivered');
  for (const { id } of posts) {
    expect(await library.fanout.posts.delivery(id)).toMatchObject({ state: 'delivered', pushed: 3 });
  }
  for (const reader of READERS) {
    expect((await entries(library, reader)).slice(1).reverse()).toEqual(idsOf(posts));
  }
}

describe('a worker', () => {
  afterEach(cleanUp);

  it('delivers what waited before it started, and what comes then', async () => {
    const redis = await ownRedis();
    const library = await Library.open(redis);
    await followAll(library);
    const early = await publishMany(library, 50);
    expect(await library.backlog()).toBe(50);
    await startService(redis);
    await expectDelivered(library, early);
    const late = await publishMany(library, 50);
    await expectDelivered(library, [...early, ...late]);
  });

  it('delivers edits and deletions', async () => {
    const redis = await ownRedis();
    const library = await Library.open(redis);
    const { fanout } = library;
    await addReaders(library, 'ada', 'bob');
    await startService(redis);
    const [edited, deleted] = [await publish(library, 'ada'), await publish(library, 'ada')];
    await until(async () => (await entries(library, 'bob')).length === 3, 'both are delivered');
    await fanout.posts.edit(edited.id, 'ada', 'changed');
    await fanout.posts.delete(deleted.id, 'ada');
    await until(async () => (await library.backlog()) === 0, 'the changes are delivered');
    expect((await entries(library, 'bob')).slice(1)).toEqual([edited.id]);
    expect((await fanout.timelines.page('bob')).items).toMatchObject([{ id: edited.id, text: 'changed' }]);
  });

  it('delivers what it has taken when it stops, and the next one goes on', async () => {
    const redis = await ownRedis();
    const library = await Library.open(redis);
    const { client, fanout } = library;
    await followAll(library);
    const { service } = await startService(redis);
    const publishing = publishMany(library, 300);
    await until(async () => (await entries(library, 'reader-1')).length > 1, 'some is delivered');
    expect(await service.stop()).toBe(0);
    for (const outbox of fanout.outboxes) {
      const groups = (await client.call('XINFO', 'GROUPS', outbox)) as string[][];
      for (const group of groups) expect(group[group.indexOf('pending') + 1]).toBe(0);
    }
    const posts = await publishing;
    await startService(redis);
    await expectDelivered(library, posts);
  });

  it('and another at the same time deliver everything, each post once', async () => {
    const redis = await ownRedis();
    const library = await Library.open(redis);
    await followAll(library);
    const workers = [
      await startService(redis, { consumer: 'one' }),
      await startService(redis, { consumer: 'two' }),
    ];
    const posts = await publishMany(library, 400);
    await expectDelivered(library, posts);
    for (const { api } of workers) {
      expect((await api.get('/health/ready')).status).toBe(200);
      expect((await api.get('/lag')).body).toMatchObject({ waiting: 0, pending: 0 });
      expect((await api.get('/dead-letters')).body).toEqual({ items: [], nextCursor: null });
    }
  });

  it('takes over from another that has stopped', async () => {
    const redis = await ownRedis();
    const library = await Library.open(redis);
    await followAll(library);
    const { service: one } = await startService(redis, { consumer: 'one' });
    await startService(redis, { consumer: 'two' });
    const publishing = publishMany(library, 200);
    await one.stop();
    await expectDelivered(library, await publishing);
  });
});

describe('a worker whose Redis goes away', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'fanout-worker-'));
  });

  afterEach(async () => {
    await cleanUp();
    await rm(dir, { recursive: true, force: true });
  });

  it('is not ready meanwhile, and delivers again when it is back', async () => {
    const settings = { save: '3600 1' };
    const redis = await ownRedis({ dir, settings });
    const library = await Library.open(redis);
    await followAll(library);
    const { api } = await startService(redis);
    const before = await publishMany(library, 20);
    await expectDelivered(library, before);
    await redis.stop();
    await until(async () => (await api.get('/health/ready')).status === 503, 'it is not ready');
    expect((await api.get('/health/live')).status).toBe(200);
    await ownRedis({ dir, port: redis.port, settings });
    await until(async () => (await api.get('/health/ready')).status === 200, 'it is ready again');
    await until(() => library.fanout.ping().then(() => true), 'the library is connected');
    const after = await publishMany(library, 20);
    await expectDelivered(library, [...before, ...after]);
  });
});
