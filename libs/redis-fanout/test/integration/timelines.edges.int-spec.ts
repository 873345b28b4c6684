import fc from 'fast-check';

import { Keys } from '../../src/keys.js';
import { BUILD_MS } from '../../src/options.js';
import { partitionOfUser } from '../../src/partitions.js';
import type { BodyCache } from '../../src/posts/body-cache.js';
import { beginTimeline } from '../../src/lua/begin-timeline.js';
import { bringInPosts } from '../../src/lua/bring-in-posts.js';
import { followAuthor } from '../../src/lua/follow-author.js';
import type { MarkedTimeline } from '../../src/lua/marked-timeline.js';
import type { Fanout } from '../../src/index.js';
import { entriesOf } from '../support/entries.js';
import { until } from '../support/faults.js';
import { deliverAll, Fixture, wholeTimeline } from '../support/fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.standalone();
});
afterAll(async () => {
  await fixture.stop();
});

const FLOOR = '0000000000000000001';
const START_MS = Date.now() - 1_000_000;

/** A post at a given second. */
async function importAt(fanout: Fanout, author: string, second: number): Promise<string> {
  const { id } = await fanout.posts.import({ author, text: `at ${second}`, atMs: START_MS + 1000 * second });
  return id;
}

async function timelineKey(reader: string): Promise<string> {
  const [key = ''] = await fixture.allKeys(`*:timeline:${reader}`);
  return key;
}

describe('a live timeline', () => {
  it('takes a late post at its place, far below its head', async () => {
    const fanout = await fixture.open({ timelineMaxEntries: 100 });
    await fanout.follows.follow('ann', 'bob');
    await fanout.timelines.page('ann');
    const ids: string[] = [];
    for (let second = 0; second < 90; second++) ids.push(await importAt(fanout, 'bob', 2 * second));
    await deliverAll(fanout, fixture.client);
    for (const second of [1, 35, 101, 177]) ids.push(await importAt(fanout, 'bob', second));
    await deliverAll(fanout, fixture.client);
    expect(await entriesOf(fixture.client, await timelineKey('ann'))).toEqual(['0', ...ids.sort()]);
  });

  it('leaves out what is below its floor, and shows it all the same', async () => {
    const fanout = await fixture.open({ timelineMaxEntries: 3 });
    await fanout.follows.follow('ann', 'bob');
    const ids: string[] = [];
    for (let second = 0; second < 8; second++) ids.push(await importAt(fanout, 'bob', 10 * second));
    await fanout.timelines.page('ann');
    ids.push(await importAt(fanout, 'bob', 5));
    await deliverAll(fanout, fixture.client);
    expect(await fixture.client.llen(await timelineKey('ann'))).toBe(4);
    expect(await wholeTimeline(fanout, 'ann', 2)).toEqual(ids.sort().reverse());
  });

  it('does not take below its floor what a follow brings, also where it has room', async () => {
    const fanout = await fixture.open({ timelineMaxEntries: 4 });
    await fanout.follows.follow('ann', 'bob');
    await fanout.follows.follow('ann', 'cid');
    const bobs = [];
    for (let second = 10; second < 16; second++) bobs.push(await importAt(fanout, 'bob', second));
    const cids = [await importAt(fanout, 'cid', 20), await importAt(fanout, 'cid', 21)];
    await fanout.timelines.page('ann');
    // The window now is cid's two and bob's newest two; without cid's it has room.
    await fanout.follows.unfollow('ann', 'cid');
    const dots = [await importAt(fanout, 'dot', 1), await importAt(fanout, 'dot', 30)];
    await fanout.follows.follow('ann', 'dot');
    const entries = await entriesOf(fixture.client, await timelineKey('ann'));
    expect(entries).toEqual([...entries].sort());
    expect(entries).not.toContain(dots[0]);
    expect(await wholeTimeline(fanout, 'ann', 3)).toEqual([...bobs, ...dots].sort().reverse());
    expect(entries).not.toEqual(expect.arrayContaining(cids));
  });

  it('is noted as read, as often as it has to be', async () => {
    const fanout = await fixture.open({ timelineIdleSeconds: 100 });
    await fanout.timelines.page('ann');
    const lastReads = new Keys(8, fixture.prefix).lastReads(partitionOfUser('ann', 8));
    const lastRead = async (): Promise<number> => Number(await fixture.client.zscore(lastReads, 'ann'));
    const now = Math.floor(Date.now() / 1000);
    expect(await lastRead()).toBeGreaterThanOrEqual(now - 10);
    const earlier = now - 50;
    await fixture.client.zadd(lastReads, earlier, 'ann');
    // A process notes it again when a hundredth of the time has passed; another one knows nothing of that.
    await fanout.timelines.page('ann');
    expect(await lastRead()).toBe(earlier);
    const other = { timelineIdleSeconds: 6000 };
    await (await fixture.reopen(other)).timelines.page('ann');
    expect(await lastRead()).toBeGreaterThan(earlier);
    await fixture.client.zadd(lastReads, earlier, 'ann');
    await until(async () => {
      await fanout.timelines.page('ann');
      return (await lastRead()) > earlier;
    }, 'it is noted again');
    // What a process notes whose clock is behind does not count.
    await fixture.client.zadd(lastReads, now + 3600, 'ann');
    await (await fixture.reopen(other)).timelines.page('ann');
    expect(await lastRead()).toBe(now + 3600);
  });

  it.each(['posts are delivered', 'others are read'])(
    'is dropped when nobody reads it while %s, and is built again',
    async (what) => {
      const fanout = await fixture.open({ partitions: 1, timelineIdleSeconds: 1 });
      const keys = new Keys(1, fixture.prefix);
      const idle = ['ann', ...Array.from({ length: 250 }, (_, n) => `idle-${n}`)];
      for (const reader of ['eve', ...idle]) await fanout.follows.follow(reader, 'bob');
      for (const reader of ['eve', ...idle]) await fanout.timelines.page(reader);
      // By a clock that is ahead.
      await fixture.client.zadd(keys.lastReads(0), Math.floor(Date.now() / 1000) + 3600, 'ann');
      const left = async (): Promise<string[]> => {
        const found = await fixture.allKeys('*:timeline:*');
        return found.map((key) => keys.readerOfTimeline(key) ?? '').sort();
      };
      expect(await left()).toEqual(['eve', ...idle].sort());
      const ids: string[] = [];
      await until(async () => {
        if (what === 'posts are delivered' || ids.length === 0) {
          const { post } = await fanout.posts.publish({ author: 'bob', text: 'hi' });
          ids.unshift(post.id);
          await fanout.deliverer.deliver([{ kind: 'published', id: post.id, author: 'bob' }]);
        }
        const { items } = await fanout.timelines.page('eve', { limit: 1 });
        expect(items[0]?.id).toBe(ids[0]);
        return (await left()).length <= 1;
      }, 'all are gone that nobody reads');
      expect(await left()).toEqual(['eve']);
      expect(await fixture.client.zrange(keys.lastReads(0), '0', '-1')).toEqual(['eve']);
      expect(await wholeTimeline(fanout, 'ann', 50)).toEqual(ids);
      expect(await left()).toContain('ann');
    },
  );
});

describe('own posts that are not delivered yet', () => {
  it('show on every page, also beside those that are', async () => {
    const fanout = await fixture.open();
    await fanout.timelines.page('ann');
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) {
      const { post } = await fanout.posts.publish({ author: 'ann', text: String(i) });
      ids.push(post.id);
    }
    const newestFirst = [...ids].sort().reverse();
    expect(await wholeTimeline(fanout, 'ann', 3)).toEqual(newestFirst);
    // Out of turn, as where another worker still has the others.
    await fanout.deliverer.deliver([{ kind: 'published', id: ids[3] ?? '', author: 'ann' }]);
    expect(await wholeTimeline(fanout, 'ann', 2)).toEqual(newestFirst);
    await deliverAll(fanout, fixture.client);
    expect(await wholeTimeline(fanout, 'ann', 2)).toEqual(newestFirst);
    expect(await fixture.allKeys('*:undelivered:*')).toEqual([]);
  });
});

describe('very many own posts that are not delivered yet', () => {
  it('show their newest, and all once they are delivered', async () => {
    const fanout = await fixture.open({ partitions: 1 });
    await fanout.timelines.page('ann');
    const newestFirst: string[] = [];
    for (let i = 0; i < 510; i++)
      newestFirst.unshift((await fanout.posts.publish({ author: 'ann', text: String(i) })).post.id);
    expect(await wholeTimeline(fanout, 'ann', 100)).toEqual(newestFirst.slice(0, 500));
    for (const id of newestFirst.toReversed()) {
      await fanout.deliverer.deliver([{ kind: 'published', id, author: 'ann' }]);
    }
    expect(await wholeTimeline(fanout, 'ann', 100)).toEqual(newestFirst);
    expect(await fixture.allKeys('*:undelivered:*')).toEqual([]);
  });
});

describe('a timeline that is dropped while a page is being read', () => {
  it.each([
    ['dropped', (fanout: Fanout) => fanout.follows.import('ann', 'somebody')],
    ['opened', (fanout: Fanout) => fanout.follows.unfollow('ann', 'cid')],
  ])('leaves no hole where it is %s', async (_, disturb) => {
    const fanout = await fixture.open({ partitions: 1, pushMaxFollowers: 2 });
    for (const reader of ['ann', 'x', 'y']) await fanout.follows.follow(reader, 'star');
    for (const author of ['bob', 'cid']) await fanout.follows.follow('ann', author);
    await fanout.timelines.page('ann');
    const ids: string[] = [];
    for (let second = 0; second < 24; second++) {
      ids.push(await importAt(fanout, second % 2 === 0 ? 'bob' : 'star', second));
    }
    const gone: string[] = [];
    for (let second = 30; second < 36; second++) gone.push(await importAt(fanout, 'bob', second));
    await deliverAll(fanout, fixture.client);
    // Tombstones on top make the page read on after its first look; then it is disturbed.
    for (const id of gone) await fanout.posts.delete(id, 'bob');
    const bodies = Reflect.get(fanout.timelines, 'bodies') as BodyCache;
    const get = bodies.get.bind(bodies);
    let looks = 0;
    const spy = jest.spyOn(bodies, 'get').mockImplementation(async (...wanted) => {
      if (looks++ === 0) await disturb(fanout);
      return get(...wanted);
    });
    const page = await fanout.timelines.page('ann', { limit: 5 });
    const since = await fanout.timelines.page('ann', { limit: 5, since: ids[0] });
    spy.mockRestore();
    const expected = [...ids].sort().reverse().slice(0, 5);
    expect(page.items.map((post) => post.id)).toEqual(expected);
    expect(since.items.map((post) => post.id)).toEqual(expected);
    expect(looks).toBeGreaterThan(1);
  });
});

describe('the short list of a large author', () => {
  it('does not look complete after all of it was deleted', async () => {
    const fanout = await fixture.open({ partitions: 1, pushMaxFollowers: 0, authorMaxPosts: 1000 });
    await fanout.follows.follow('ann', 'star');
    await fanout.timelines.page('ann');
    const ids: string[] = [];
    for (let second = 0; second < 260; second++) ids.push(await importAt(fanout, 'star', second));
    await deliverAll(fanout, fixture.client);
    for (const id of ids.splice(20)) await fanout.posts.delete(id, 'star');
    await deliverAll(fanout, fixture.client);
    ids.push(await importAt(fanout, 'star', 300));
    await deliverAll(fanout, fixture.client);
    expect(await wholeTimeline(fanout, 'ann', 50)).toEqual(ids.sort().reverse());
  });
});

describe('a page of which the last post has fallen off its author’s list', () => {
  it('is not followed by an empty one', async () => {
    const fanout = await fixture.open({
      partitions: 1,
      pushMaxFollowers: 1,
      timelineMaxEntries: 18,
      authorMaxPosts: 20,
    });
    for (const reader of ['ann', 'bob']) await fanout.follows.follow(reader, 'star');
    const ids = [await importAt(fanout, 'star', 1)];
    // The author is large, and then no more: the post stays in the short list, and falls off the author's own.
    await deliverAll(fanout, fixture.client);
    await fanout.follows.unfollow('bob', 'star');
    for (let second = 2; second <= 21; second++) ids.push(await importAt(fanout, 'star', second));
    await deliverAll(fanout, fixture.client);
    await fanout.timelines.page('ann');
    for (const limit of [2, 4, 5, 10, 20]) {
      expect((await wholeTimeline(fanout, 'ann', limit)).slice(0, 20)).toEqual(ids.slice(1).reverse());
    }
  });
});

describe('a timeline into which posts are brought', () => {
  /** As when a follow has come so far. */
  async function marked(reader: string, author: string): Promise<MarkedTimeline> {
    const keys = new Keys(8, fixture.prefix);
    const names = {
      following: keys.following(reader),
      followers: keys.followers(keys.partitionOf(reader), author),
      followingMuted: keys.followingMuted(reader),
      followersMuted: keys.followersMuted(keys.partitionOf(reader), author),
      muted: keys.muted(reader),
      blocked: keys.blocked(reader),
      blockedBy: keys.blockedBy(reader),
      timeline: keys.timeline(reader),
    };
    const args = { reader, author, buildMs: BUILD_MS, random: 1, backfill: 1 };
    const answer = await followAuthor(fixture.client, names, args);
    if (typeof answer !== 'object') throw new Error('there is no timeline');
    return answer;
  }

  async function bringIn(reader: string, timeline: MarkedTimeline, ids: readonly string[]): Promise<boolean> {
    const keys = new Keys(8, fixture.prefix);
    const names = {
      timeline: keys.timeline(reader),
      newestEntry: keys.newestEntry(keys.partitionOf(reader)),
    };
    const args = { ...timeline, maxEntries: 3, idleSeconds: 100 };
    return bringInPosts(fixture.client, names, args, ids);
  }

  it('has nothing below its floor that has landed there meanwhile', async () => {
    const fanout = await fixture.open({ timelineMaxEntries: 3, partitions: 8 });
    await fanout.follows.follow('ann', 'bob');
    await fanout.timelines.page('ann');
    const ids: string[] = [];
    for (let second = 10; second < 15; second++) ids.push(await importAt(fanout, 'bob', second));
    await deliverAll(fanout, fixture.client);
    const timeline = await marked('ann', 'cid');
    for (const second of [1, 2]) ids.push(await importAt(fanout, 'bob', second));
    await deliverAll(fanout, fixture.client);
    expect(await bringIn('ann', timeline, [])).toBe(true);
    expect(await entriesOf(fixture.client, await timelineKey('ann'))).toEqual(ids.slice(1, 5));
    expect(await wholeTimeline(fanout, 'ann', 2)).toEqual([...ids].sort().reverse());
  });

  it('has each post once and in order, however they lie in time', async () => {
    const key = 'timeline';
    const mark = '-1000000000000000001';
    // Seldom as even as the looks by time expect: in clusters, far from each other, several at once.
    const time = fc.oneof(
      fc.nat(2e12),
      fc.nat(50),
      fc.nat(50).map((ms) => 1e12 + ms),
    );
    const id = fc
      .tuple(time, fc.nat(9))
      .map(([ms, n]) => `${String(ms).padStart(13, '0')}00000${n}`)
      .filter((text) => text > FLOOR);
    const lists = fc.record({
      entries: fc.uniqueArray(id, { minLength: 1, maxLength: 300, size: 'max' }),
      ids: fc.uniqueArray(id, { maxLength: 12, size: 'max' }),
      doubles: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(lists, async ({ entries, ids, doubles }) => {
        const brought = [...new Set([...ids, ...entries.slice(0, doubles)])].sort().reverse();
        await fixture.client.del(key);
        await fixture.client.rpush(key, mark, ...entries.toSorted());
        const args = { mark, floor: FLOOR, maxEntries: 1000, idleSeconds: 100 };
        const names = { timeline: key, newestEntry: 'newest-entry' };
        expect(await bringInPosts(fixture.client, names, args, brought)).toBe(true);
        const due = [...new Set([...entries, ...brought])].sort();
        expect(await fixture.client.lrange(key, 0, -1)).toEqual([FLOOR + mark, ...due]);
      }),
      { numRuns: 300, interruptAfterTimeLimit: 20_000 },
    );
  });

  it('is left alone where somebody else has taken over', async () => {
    const fanout = await fixture.open({ timelineMaxEntries: 3, partitions: 8 });
    await fanout.timelines.page('ann');
    const timeline = await marked('ann', 'cid');
    await fixture.client.del(await timelineKey('ann'));
    expect(await bringIn('ann', timeline, [])).toBe(false);
    await fanout.timelines.page('ann');
    expect(await bringIn('ann', timeline, ['1000000000000000001'])).toBe(false);
    expect(await entriesOf(fixture.client, await timelineKey('ann'))).toEqual(['0']);
  });

  it.each([3, 60])('has posts of both in order, with %p of the author', async (count) => {
    const fanout = await fixture.open({ timelineMaxEntries: 200 });
    await fanout.follows.follow('ann', 'bob');
    await fanout.timelines.page('ann');
    const ids: string[] = [];
    for (let second = 0; second < 130; second++) ids.push(await importAt(fanout, 'bob', 2 * second));
    for (let n = 0; n < count; n++) ids.push(await importAt(fanout, 'cid', 41 + 2 * n));
    await deliverAll(fanout, fixture.client);
    await fanout.follows.follow('ann', 'cid');
    expect(await entriesOf(fixture.client, await timelineKey('ann'))).toEqual(['0', ...ids.sort()]);
  });
});

describe('a timeline under construction', () => {
  /** As a builder leaves it that stops after its first step. */
  async function abandoned(reader: string): Promise<string> {
    const key = new Keys(8, fixture.prefix).timeline(reader);
    await beginTimeline(fixture.client, { timeline: key }, { buildMs: BUILD_MS, random: 1 });
    return key;
  }

  it('takes deliveries, is not cut, and is not read', async () => {
    const fanout = await fixture.open({ timelineMaxEntries: 3, partitions: 8 });
    await fanout.follows.follow('ann', 'bob');
    const old = await importAt(fanout, 'bob', 1);
    await deliverAll(fanout, fixture.client);
    const key = await abandoned('ann');
    const ids = [];
    for (let second = 2; second < 12; second++) ids.push(await importAt(fanout, 'bob', second));
    await deliverAll(fanout, fixture.client);
    const entries = await fixture.client.lrange(key, 0, -1);
    expect(entries.slice(1)).toEqual([...ids].sort());
    expect(entries[0]).toMatch(/^-\d{19}$/);
    expect(await wholeTimeline(fanout, 'ann', 4)).toEqual([old, ...ids].sort().reverse());
    expect(await fixture.client.lrange(key, 0, -1)).toEqual(entries);
  });

  it('is taken over once its builder is overdue, with what landed in it', async () => {
    const fanout = await fixture.open({ timelineMaxEntries: 10, partitions: 8 });
    await fanout.follows.follow('ann', 'bob');
    const key = await abandoned('ann');
    const id = await importAt(fanout, 'bob', 2);
    await deliverAll(fanout, fixture.client);
    // The same with a deadline that has passed.
    await fixture.client.lpop(key);
    await fixture.client.lpush(key, '-1000000000000000001');
    expect(await wholeTimeline(fanout, 'ann', 4)).toEqual([id]);
    expect(await entriesOf(fixture.client, key)).toEqual(['0', id]);
  });

  it('is built once by many readers at the same time', async () => {
    const fanout = await fixture.open();
    await fanout.follows.follow('ann', 'bob');
    const id = await importAt(fanout, 'bob', 2);
    await fixture.client.config('RESETSTAT');
    const pages = await Promise.all(Array.from({ length: 50 }, () => fanout.timelines.page('ann')));
    expect(pages.map(({ items }) => items.map((post) => post.id))).toEqual(pages.map(() => [id]));
    // The mark, and the list.
    const stats = await fixture.client.info('commandstats');
    expect(stats).toMatch(/cmdstat_lpush:calls=1,/);
    expect(stats).toMatch(/cmdstat_rpush:calls=1,/);
  });
});
