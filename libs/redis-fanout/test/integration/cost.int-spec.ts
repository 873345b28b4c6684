import { type RedisServer, startRedis } from 'embedded-redis';

import { connectRedis, Fanout, partitionOfUser, type PostEvent, type RedisClient } from '../../src/index.js';
import { Keys } from '../../src/keys.js';
import { deliverAll } from '../support/fixture.js';
import { inBatches } from '../support/in-batches.js';
import { RoundTrips } from '../support/round-trips.js';

/** What a request costs: round trips, and commands by name. */
describe('the cost of a request', () => {
  let server: RedisServer;
  let counter: RoundTrips;
  let client: RedisClient;
  let observer: RedisClient;
  let fanout: Fanout;

  beforeEach(async () => {
    server = await startRedis();
    counter = await RoundTrips.to(server.port);
    client = connectRedis(counter.url);
    observer = connectRedis(server.url);
    fanout = await Fanout.open({ client, partitions: 8, pushMaxFollowers: 2 });
  });
  afterEach(async () => {
    client.disconnect();
    observer.disconnect();
    counter.stop();
    await server.stop();
  });

  async function commandsOf(action: () => Promise<unknown>): Promise<Record<string, number>> {
    await observer.config('RESETSTAT');
    await action();
    const stats = await observer.info('commandstats');
    const counts = [...stats.matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm)].map(
      ([, name = '', calls]) => [name, Number(calls)] as const,
    );
    return Object.fromEntries(counts.filter(([name]) => name !== 'info' && name !== 'config|resetstat'));
  }

  it('of a post is one script', async () => {
    const publish = (): Promise<unknown> => fanout.posts.publish({ author: 'ann', text: 'hello' });
    await publish();
    expect(await counter.during(publish)).toBe(1);
    expect((await commandsOf(publish)).evalsha).toBe(1);
  });

  /** A reader's first page when the timeline is live: its round trips, and its commands by name. */
  async function warmPage(authors: number): Promise<{ trips: number; commands: Record<string, number> }> {
    const names = Array.from({ length: authors }, (_, i) => `author-${i}`);
    await inBatches(names, (author) => fanout.follows.import('ann', author));
    for (let i = 0; i < 60; i++) {
      const author = names[(i * 997) % authors] ?? '';
      await fanout.posts.import({ author, text: String(i), atMs: 1e12 + i });
    }
    await deliverAll(fanout, client);
    const page = (): Promise<unknown> => fanout.timelines.page('ann', { limit: 50 });
    // The first one notes where changes begin, the second one keeps the bodies.
    await page();
    await page();
    return { trips: await counter.during(page), commands: await commandsOf(page) };
  }

  it('of a page is one pipeline where its bodies are kept, and does not grow with the authors followed', async () => {
    const few = await warmPage(10);
    expect(few).toEqual({ trips: 1, commands: { mget: 2, lrange: 1, lindex: 1 } });
    await observer.flushall();
    expect(await warmPage(5000)).toEqual(few);
  });

  it('of pages that are asked for at the same time is one pipeline, with two looks for all', async () => {
    const readers = Array.from({ length: 64 }, (_, i) => `reader-${i}`);
    await inBatches(readers, (reader) => fanout.follows.import(reader, 'bob'));
    await fanout.posts.publish({ author: 'bob', text: 'hello' });
    await deliverAll(fanout, client);
    const pages = async (): Promise<void> => {
      const found = await Promise.all(readers.map((reader) => fanout.timelines.page(reader)));
      expect(found.map(({ items }) => items.map(({ text }) => text))).toEqual(readers.map(() => ['hello']));
    };
    // The first ones build the timelines, the second ones note where changes begin, and keep the body.
    await pages();
    await pages();
    await pages();
    expect(await counter.during(pages)).toBe(1);
    expect(await commandsOf(pages)).toEqual({ mget: 2, lrange: 64, lindex: 64 });
  });

  it('of a page with a new post is one pipeline, and one for the body', async () => {
    await fanout.follows.follow('ann', 'bob');
    await fanout.posts.publish({ author: 'bob', text: 'hello' });
    await deliverAll(fanout, client);
    const page = (): Promise<unknown> => fanout.timelines.page('ann', { limit: 50 });
    // The first one builds the timeline, the second one notes where changes begin, and keeps the body.
    await page();
    await page();
    expect(await counter.during(page)).toBe(1);
    expect(await commandsOf(page)).toEqual({ mget: 2, lrange: 1, lindex: 1 });
    await fanout.posts.publish({ author: 'bob', text: 'hello again' });
    await deliverAll(fanout, client);
    expect(await commandsOf(page)).toEqual({ mget: 2, lrange: 1, lindex: 1, hmget: 1 });
  });

  it('of a later page is the same', async () => {
    await fanout.follows.follow('ann', 'bob');
    for (let i = 0; i < 30; i++) await fanout.posts.publish({ author: 'bob', text: String(i) });
    await deliverAll(fanout, client);
    const { nextCursor } = await fanout.timelines.page('ann', { limit: 10 });
    const later = (): Promise<unknown> =>
      fanout.timelines.page('ann', { limit: 10, cursor: nextCursor ?? '' });
    await later();
    expect(await counter.during(later)).toBe(1);
    // What came in meanwhile moved the place of the page, but not beyond what is read anyway.
    await fanout.posts.publish({ author: 'bob', text: 'late' });
    await deliverAll(fanout, client);
    expect(await counter.during(later)).toBe(1);
  });

  it('of a page with large authors is the same once they are known, and one pipeline more before', async () => {
    // Three followers in the partition of `ann` are more than the threshold.
    const [neighbour = '', ...others] = neighboursOf('ann', 2);
    const publish = async (): Promise<void> => {
      await fanout.posts.publish({ author: 'star', text: 'hello' });
      await deliverAll(fanout, client);
    };
    for (const reader of ['ann', neighbour, ...others]) await fanout.follows.follow(reader, 'star');
    const page = (): Promise<unknown> => fanout.timelines.page('ann', { limit: 10 });
    await page();
    for (let i = 0; i < 20; i++) await publish();
    // Who they are, their lists, and the bodies; and where changes of bodies begin is noted, so that they are kept next time.
    expect(await counter.during(page)).toBe(3 + 2);
    await page();
    expect(await counter.during(page)).toBe(1);
    expect(await commandsOf(page)).toEqual({ mget: 2, lrange: 1, lindex: 1 });
    // A new post is told of by the look; then comes what has changed, the list and the body.
    await publish();
    expect(await counter.during(page)).toBe(4);
    expect(await counter.during(page)).toBe(1);
    // Others build a timeline, ask who it is, and find the list kept.
    await fanout.timelines.page(neighbour);
    await observer.del(new Keys(8, 'fanout').recent(partitionOfUser('ann', 8), 'star'));
    const { items } = await fanout.timelines.page(neighbour);
    expect(items).toHaveLength(21);
    expect(await commandsOf(() => fanout.timelines.page(neighbour))).toEqual({
      mget: 2,
      lrange: 1,
      lindex: 1,
    });
    // Who they are is looked up again when it changes whom the reader follows, and nothing else of a follow.
    await fanout.follows.follow('ann', 'bob');
    expect(await counter.during(page)).toBe(2);
    expect(await counter.during(page)).toBe(1);
  });

  it('of a page after a follow is the same where nobody in the partition is a large author', async () => {
    await fanout.follows.follow('ann', 'bob');
    const page = (): Promise<unknown> => fanout.timelines.page('ann');
    // The first one builds the timeline, the second one notes where changes begin, the third one that nobody is large.
    await page();
    await page();
    await page();
    await fanout.follows.follow('ann', 'carol');
    expect(await counter.during(page)).toBe(1);
    expect(await commandsOf(page)).toEqual({ mget: 2, lrange: 1, lindex: 1 });
    // And others of the partition do not ask.
    const [neighbour = ''] = neighboursOf('ann', 1);
    await fanout.timelines.page(neighbour);
    const first = (): Promise<unknown> => fanout.timelines.page(neighbour);
    expect(await commandsOf(first)).toEqual({ mget: 2, lrange: 1, lindex: 1 });
  });

  it('of a page below the floor hardly grows with its depth', async () => {
    const shallow = await Fanout.open({ client, prefix: 'shallow', timelineMaxEntries: 20 });
    await shallow.follows.follow('ann', 'bob');
    for (let i = 0; i < 2000; i++)
      await shallow.posts.import({ author: 'bob', text: String(i), atMs: 1000 * i });
    const costs: Record<string, number>[] = [];
    const cursors: (string | null | undefined)[] = [undefined];
    for (let page = 0; page < 19; page++) {
      const turn = async (): Promise<void> => {
        const { items, nextCursor } = await shallow.timelines.page('ann', {
          limit: 100,
          cursor: cursors.at(-1) ?? undefined,
        });
        expect(items).toHaveLength(100);
        cursors.push(nextCursor);
      };
      costs.push(await commandsOf(turn));
    }
    const looks = costs.slice(1).map(({ lindex = 0, lrange = 0 }) => lindex + lrange);
    // Halving 2,000 entries takes eleven looks; reading all above the page would take none, but twenty times the ids.
    expect(Math.max(...looks)).toBeLessThanOrEqual(1 + 11 + 5);
    expect(costs.slice(1).map(({ evalsha }) => evalsha)).toEqual(new Array(18).fill(costs[1]?.evalsha));
  });

  it('of a refresh is one pipeline where little is new, and another where there is more', async () => {
    await fanout.follows.follow('ann', 'bob');
    const ids: string[] = [];
    for (let i = 0; i < 30; i++)
      ids.push((await fanout.posts.publish({ author: 'bob', text: String(i) })).post.id);
    await deliverAll(fanout, client);
    const refresh = async (seen: number): Promise<number> => {
      const { items } = await fanout.timelines.page('ann', { since: ids[seen - 1] });
      expect(items.map(({ id }) => id)).toEqual(ids.slice(seen).reverse());
      return counter.during(() => fanout.timelines.page('ann', { since: ids[seen - 1] }));
    };
    await fanout.timelines.page('ann');
    expect([await refresh(1), await refresh(30 - 15), await refresh(29)]).toEqual([2, 1, 1]);
  });

  describe('of a refresh with nothing new', () => {
    const refresh = (since: string) => (): Promise<unknown> => fanout.timelines.page('ann', { since });

    async function expectNoBody(since: string): Promise<Record<string, number>> {
      expect(await fanout.timelines.page('ann', { since })).toEqual({ items: [], nextCursor: null });
      expect(await counter.during(refresh(since))).toBe(1);
      const commands = await commandsOf(refresh(since));
      expect(commands).not.toHaveProperty('hmget');
      expect(commands).not.toHaveProperty('evalsha');
      return commands;
    }

    it('fetches no body', async () => {
      await fanout.follows.follow('ann', 'bob');
      const { post } = await fanout.posts.publish({ author: 'bob', text: 'hello' });
      await deliverAll(fanout, client);
      await fanout.timelines.page('ann');
      await expectNoBody(post.id);
    });

    it('fetches none with large authors, whose newest is the newest of all, or is not', async () => {
      for (const star of ['star-1', 'star-2'])
        for (const reader of ['ann', ...neighboursOf('ann', 2)]) await fanout.follows.follow(reader, star);
      await fanout.follows.follow('ann', 'bob');
      await fanout.timelines.page('ann');
      for (const [i, author] of ['bob', 'star-1', 'star-2', 'bob', 'star-1'].entries()) {
        for (let n = 0; n < 30; n++)
          await fanout.posts.import({ author, text: 'hello', atMs: 1e12 + 1000 * i + n });
        await deliverAll(fanout, client);
        const { items } = await fanout.timelines.page('ann');
        expect(items[0]).toMatchObject({ author });
        const commands = await expectNoBody(items[0]?.id ?? '');
        // The timeline; the lists of those of the two that are large by now are kept.
        expect(commands.lrange).toBe(1);
      }
    });

    it('fetches none of own posts that are on their way', async () => {
      await fanout.timelines.page('ann');
      let since = '';
      for (let n = 0; n < 70; n++)
        since = (await fanout.posts.publish({ author: 'ann', text: 'hello' })).post.id;
      await expectNoBody(since);
      await fanout.deliverer.deliver([{ kind: 'published', id: since, author: 'ann' }]);
      await expectNoBody(since);
    });
  });

  it('of delivering a batch is one script call for each partition, and one for each outbox', async () => {
    const events: PostEvent[] = [];
    for (let i = 0; i < 100; i++) {
      const { post } = await fanout.posts.publish({ author: 'ann', text: String(i) });
      events.push({ kind: 'published', id: post.id, author: 'ann' });
    }
    expect((await commandsOf(() => fanout.deliverer.deliver(events))).evalsha).toBe(8 + 1);
  });
});

/** Other users of the same of eight partitions. */
function neighboursOf(user: string, count: number): string[] {
  const found: string[] = [];
  for (let i = 0; found.length < count; i++) {
    if (partitionOfUser(`user-${i}`, 8) === partitionOfUser(user, 8)) found.push(`user-${i}`);
  }
  return found;
}
