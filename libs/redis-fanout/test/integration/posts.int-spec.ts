import type { Redis } from 'ioredis';

import {
  BacklogFullError,
  connectRedis,
  Fanout,
  RateLimitedError,
  UnsuitableRedisError,
} from '../../src/index.js';
import { cleanUp, clientOf } from '../support/faults.js';
import { deliverAll, Fixture } from '../support/fixture.js';
import { losingRelayTo } from '../support/lost-replies.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.standalone();
});
afterAll(async () => {
  await fixture.stop();
});
afterEach(cleanUp);

describe('the ids of posts', () => {
  it('ascend, also where many are published in the same millisecond', async () => {
    const fanout = await fixture.open({ partitions: 1 });
    const published = await Promise.all(
      Array.from({ length: 3000 }, (_, i) => fanout.posts.publish({ author: `author-${i}`, text: 'x' })),
    );
    const ids = published.map(({ post }) => post.id);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it('do not go back with the clock', async () => {
    const fanout = await fixture.open({ partitions: 1 });
    const ahead = `${Date.now() + 3_600_000}000999`;
    await fanout.posts.publish({ author: 'ann', text: 'x' });
    const [lastId = ''] = await fixture.allKeys('*:last-id');
    await fixture.client.set(lastId, ahead);
    const { post } = await fanout.posts.publish({ author: 'ann', text: 'x' });
    expect(post.id > ahead).toBe(true);
    expect(post.id).toBe(`${Number(ahead.slice(0, 13)) + 1}000000`);
  });
});

describe('an imported post', () => {
  it('is the same post again, also after it was edited or deleted', async () => {
    const fanout = await fixture.open({ partitions: 1 });
    const archived = { author: 'ann', text: 'hello', atMs: 1_000_000_000_000 };
    const { id } = await fanout.posts.import(archived);
    expect(await fanout.posts.import({ ...archived, text: 'other' })).not.toEqual({ id, replayed: true });
    expect(await fanout.posts.import(archived)).toEqual({ id, replayed: true });
    await fanout.posts.edit(id, 'ann', 'edited');
    expect(await fanout.posts.import(archived)).toEqual({ id, replayed: true });
    await fanout.posts.delete(id, 'ann');
    expect(await fanout.posts.import(archived)).toEqual({ id, replayed: true });
    expect((await fanout.follows.counts('ann')).posts).toBe(1);
  });

  it('takes one of a thousand places in its millisecond', async () => {
    const fanout = await fixture.open({ partitions: 1 });
    const archive = (i: number): Promise<unknown> =>
      fanout.posts.import({ author: `a${i}`, text: 'x', atMs: 5 });
    await Promise.all(Array.from({ length: 1000 }, (_, i) => archive(i)));
    await expect(archive(1000)).rejects.toThrow('a thousand posts');
  });

  it('counts, though an author has more than the list holds', async () => {
    const fanout = await fixture.open({ partitions: 1, timelineMaxEntries: 5, authorMaxPosts: 10 });
    const ids: string[] = [];
    for (let i = 0; i < 30; i++)
      ids.push((await fanout.posts.import({ author: 'ann', text: 'x', atMs: 1000 * i })).id);
    await fanout.posts.import({ author: 'ann', text: 'oldest', atMs: 1 });
    expect((await fanout.follows.counts('ann')).posts).toBe(31);
    await fanout.posts.delete(ids[0] ?? '', 'ann');
    await fanout.posts.delete(ids[29] ?? '', 'ann');
    expect((await fanout.follows.counts('ann')).posts).toBe(29);
  });
});

describe('a post without an idempotency key', () => {
  it('is there once though the answer was lost, and the call sent again', async () => {
    const { partitions } = await fixture.open({ partitions: 1 });
    const relay = await losingRelayTo(Number(new URL(fixture.url).port));
    const unlucky = await Fanout.open({ client: clientOf(relay.url), prefix: fixture.prefix, partitions });
    relay.loseAnswers(':attempts:', 1, 1);
    const { post } = await unlucky.posts.publish({ author: 'ann', text: 'x' });
    expect(relay.lost).toBe(1);
    const others = [];
    for (let i = 0; i < 20; i++) {
      others.push((await unlucky.posts.publish({ author: 'ann', text: 'x' })).post.id);
    }
    const { items } = await unlucky.timelines.pageOfAuthor('ann');
    expect(items.map(({ id }) => id)).toEqual([post.id, ...others].reverse());
    // They are remembered for 30 seconds after the last of their second.
    const kept = await fixture.allKeys('*:attempts:*');
    expect(kept.length).toBeLessThan(10);
    for (const key of kept) {
      const leftMs = await (fixture.client as Redis).pttl(key);
      expect(leftMs).toBeGreaterThan(20_000);
      expect(leftMs).toBeLessThanOrEqual(30_000);
    }
  });
});

describe('the rate limit', () => {
  it('does not lock an author out where the clock goes back', async () => {
    const fanout = await fixture.open({ partitions: 1, postsPerMinute: 2 });
    const publish = (): Promise<unknown> => fanout.posts.publish({ author: 'ann', text: 'x' });
    await publish();
    await publish();
    const refusal = await publish().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RateLimitedError);
    expect((refusal as RateLimitedError).retryAfterMs).toBeLessThanOrEqual(30_000);
    const [rate = ''] = await fixture.allKeys('*:rate:ann');
    await fixture.client.set(rate, Date.now() + 3_600_000);
    const later = await publish().catch((error: unknown) => error);
    expect((later as RateLimitedError).retryAfterMs).toBeLessThanOrEqual(30_000);
  });
});

describe('the limit on the backlog', () => {
  it('holds over all partitions, and counts only what nobody has acknowledged', async () => {
    const fanout = await fixture.open({ partitions: 4, maxBacklog: 6 });
    for (let i = 0; i < 6; i++) await fanout.posts.publish({ author: `author-${i}`, text: 'x' });
    await expect(fanout.posts.publish({ author: 'author-9', text: 'x' })).rejects.toBeInstanceOf(
      BacklogFullError,
    );
    await deliverAll(fanout, fixture.client);
    await fanout.posts.publish({ author: 'author-9', text: 'x' });
  });

  it('does not count what is acknowledged and kept only as something older is pending', async () => {
    const fanout = await fixture.open({ partitions: 1, maxBacklog: 5 });
    const [outbox = ''] = fanout.outboxes;
    for (let i = 0; i < 5; i++) await fanout.posts.publish({ author: 'ann', text: 'x' });
    await fixture.client.xgroup('CREATE', outbox, fanout.consumerGroup, '0');
    await fixture.client.xreadgroup('GROUP', fanout.consumerGroup, 'c', 'COUNT', 5, 'STREAMS', outbox, '>');
    const entries = await fixture.client.xrange(outbox, '-', '+');
    await fixture.client.xack(outbox, fanout.consumerGroup, ...entries.slice(1).map(([id]) => id));
    for (let i = 0; i < 4; i++) await fanout.posts.publish({ author: 'ann', text: 'x' });
    await expect(fanout.posts.publish({ author: 'ann', text: 'x' })).rejects.toBeInstanceOf(BacklogFullError);
  });
});

describe('followers', () => {
  it.each([
    ['names', (i: number) => `reader-${i}`],
    ['integers', (i: number) => String(i)],
  ])('that are %s come once each, whatever the pages are', async (_, name) => {
    const fanout = await fixture.open({ partitions: 3 });
    const readers = Array.from({ length: 700 }, (__, i) => name(i));
    await Promise.all(readers.map((reader) => fanout.follows.import(reader, 'star')));
    const limits = [7, 100, 1, 33];
    const found: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page === 0 || cursor !== undefined; page++) {
      const limit = limits[page % limits.length] ?? 1;
      const { items, nextCursor } = await fanout.follows.followers('star', { limit, cursor });
      const isFull = items.length === limit;
      expect(isFull || nextCursor === null).toBe(true);
      found.push(...items);
      cursor = nextCursor ?? undefined;
    }
    expect(found.sort()).toEqual([...readers].sort());
  });
});

describe('opening a fan-out', () => {
  it('refuses another number of partitions than the first start fixed', async () => {
    const { client } = fixture;
    await Fanout.open({ client, prefix: 'fixed', partitions: 3 });
    await expect(Fanout.open({ client, prefix: 'fixed', partitions: 4 })).rejects.toBeInstanceOf(
      UnsuitableRedisError,
    );
    expect((await Fanout.open({ client, prefix: 'fixed' })).partitions).toBe(3);
  });

  it.each([
    ['another layout', '1', 'was written in layout 1; this version reads and writes layout 5'],
    ['no layout', undefined, 'was written in layout none'],
  ])('refuses data of %s', async (what, layout, message) => {
    const { client } = fixture;
    const prefix = what.replace(' ', '-');
    await client.hset(`${prefix}:settings`, { partitions: 3, ...(layout !== undefined && { layout }) });
    await expect(Fanout.open({ client, prefix })).rejects.toThrow(UnsuitableRedisError);
    await expect(Fanout.open({ client, prefix })).rejects.toThrow(message);
  });

  it('refuses a Redis that may drop keys', async () => {
    const other = await Fixture.standalone({ 'maxmemory-policy': 'allkeys-lru' });
    await expect(other.open()).rejects.toThrow('maxmemory-policy is allkeys-lru');
    await other.stop();
  });

  it.each(['', 'localhost', 'http://localhost', 'redis://', 'redis://a,rediss://b'])(
    'refuses the address %p',
    (url) => {
      expect(() => connectRedis(url)).toThrow(/redis:\/\//);
    },
  );
});

describe('a Redis out of memory', () => {
  it('takes no posts, lets services start, and goes on to show and to delete', async () => {
    const full = await Fixture.standalone();
    const fanout = await full.open({ partitions: 1 });
    await fanout.follows.follow('ann', 'bob');
    const { post } = await fanout.posts.publish({ author: 'bob', text: 'x' });
    await full.client.config('SET', 'maxmemory', 1);
    await expect(fanout.posts.publish({ author: 'bob', text: 'y' })).rejects.toThrow('OOM');
    expect((await fanout.timelines.page('ann')).items).toHaveLength(1);
    expect((await (await full.reopen()).timelines.page('ann')).items).toHaveLength(1);
    await fanout.posts.delete(post.id, 'bob');
    expect((await fanout.timelines.page('ann')).items).toHaveLength(0);
    await fanout.follows.unfollow('ann', 'bob');
    await full.stop();
  });
});
