import type { Redis } from 'ioredis';

import { type Fanout, type LiveEvent, type PostEvent } from '../../src/index.js';
import { Keys } from '../../src/keys.js';
import { isBefore } from '../../src/live/position.js';
import { entriesOf } from '../support/entries.js';
import { deliverAll, Fixture } from '../support/fixture.js';
import { type StoredEvent, storedHistory } from '../support/history.js';
import { inBatches } from '../support/in-batches.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.standalone({ 'set-max-intset-entries': '16384' });
});
afterAll(async () => {
  await fixture.stop();
});

async function publish(fanout: Fanout, author: string): Promise<PostEvent> {
  const { post } = await fanout.posts.publish({ author, text: 'hello' });
  return { kind: 'published', id: post.id, author };
}

describe('a large audience', () => {
  it.each([
    ['integers', (i: number) => String(i * 7)],
    ['negative integers', (i: number) => `-${i + 1}`],
    ['names', (i: number) => `reader-${i}`],
  ])('of %s gets every post in several calls', async (_, name) => {
    const fanout = await fixture.open({ partitions: 1, pushMaxFollowers: Infinity });
    const readers = Array.from({ length: 5000 }, (_, i) => name(i));
    await Promise.all(readers.map((reader) => fanout.follows.follow(reader, 'star')));
    // Every second reader is active.
    const active = readers.filter((_, i) => i % 2 === 0);
    await Promise.all(active.map((reader) => fanout.timelines.page(reader)));
    const { id } = await publish(fanout, 'star');
    await deliverAll(fanout, fixture.client);
    expect(await fanout.posts.delivery(id)).toMatchObject({
      state: 'delivered',
      pushed: 2500,
      skippedInactive: 2500,
      leftToPull: 0,
    });
    const keys = await fixture.allKeys('*:timeline:*');
    const lists = await Promise.all(keys.map((key) => entriesOf(fixture.client, key)));
    expect(lists.filter((entries) => entries.join() === `0,${id}`)).toHaveLength(2500);
  });

  it('does not hold up what comes after it', async () => {
    const fanout = await fixture.open({ partitions: 1, pushMaxFollowers: Infinity });
    await Promise.all(Array.from({ length: 20_000 }, (_, i) => fanout.follows.import(`reader-${i}`, 'star')));
    await fanout.follows.import('reader-1', 'ann');
    const order: string[] = [];
    const large = fanout.deliverer.deliver([await publish(fanout, 'star')]).then(() => order.push('star'));
    const small = fanout.deliverer.deliver([await publish(fanout, 'ann')]).then(() => order.push('ann'));
    await Promise.all([large, small]);
    expect(order).toEqual(['ann', 'star']);
  });
});

describe('a call to deliver', () => {
  it.each(['published', 'deleted'] as const)(
    'does a bounded part of the work of a late event: %s',
    async (kind) => {
      const fanout = await fixture.open({ partitions: 1, pushMaxFollowers: Infinity });
      const readers = Array.from({ length: 2000 }, (_, i) => `reader-${i}`);
      await inBatches(readers, async (reader) => fanout.follows.import(reader, 'star'));
      const old = await fanout.posts.import({ author: 'star', text: 'old', atMs: 1e12 });
      for (let i = 1; i <= 40; i++)
        await fanout.posts.import({ author: 'star', text: String(i), atMs: 1e12 + 1000 * i });
      await inBatches(readers, async (reader) => fanout.timelines.page(reader));
      const late = await fanout.posts.import({ author: 'star', text: 'late', atMs: 1e12 + 10_500 });
      await fixture.client.config('RESETSTAT');
      await fanout.deliverer.deliver([{ kind, id: kind === 'published' ? late.id : old.id, author: 'star' }]);
      const stats = await fixture.client.info('commandstats');
      const calls = Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1]);
      expect(calls).toBeGreaterThanOrEqual(10);
      const keys = await fixture.allKeys('*:timeline:*');
      const lists = await Promise.all(keys.map((key) => entriesOf(fixture.client, key)));
      expect(lists).toHaveLength(2000);
      const right = lists.filter((list) =>
        kind === 'published' ? list.at(-31) === late.id : !list.includes(old.id),
      );
      expect(right).toHaveLength(2000);
    },
  );
});

describe('an event that comes again', () => {
  let fanout: Fanout;
  let keys: Keys;
  beforeEach(async () => {
    fanout = await fixture.open({ partitions: 1 });
    keys = new Keys(1, fixture.prefix);
    await fanout.follows.follow('ann', 'bob');
    await fanout.timelines.page('ann');
  });

  async function told(): Promise<string[]> {
    const events = await storedHistory(fixture.client, keys.deliveries(0));
    return events.map(({ text }) => text);
  }

  it('is looked for among what was delivered since, where that is little', async () => {
    const early = await publish(fanout, 'bob');
    const later = await publish(fanout, 'bob');
    await fanout.deliverer.deliver([later]);
    for (let i = 0; i < 3; i++) {
      await fanout.deliverer.deliver([early, later]);
      await fanout.deliverer.deliver([{ ...early, kind: 'deleted' }]);
    }
    expect(await told()).toEqual([`${later.id}bob`, `${early.id}bob`, `deleted ${early.id}bob `]);
    expect(await fixture.client.exists(keys.recorded(0))).toBe(0);
  });

  it.each([1, 15, 16, 17, 40])('is told once with %i events since', async (since) => {
    const event = await publish(fanout, 'bob');
    await fanout.deliverer.deliver([event]);
    for (let i = 0; i < since; i++) await fanout.deliverer.deliver([await publish(fanout, 'bob')]);
    await fanout.deliverer.deliver([event]);
    expect(await told()).toHaveLength(1 + since);
  });

  it('is found where the clock of its post was ahead', async () => {
    const ahead: PostEvent[] = [1, 2, 3].map((n) => ({
      kind: 'published',
      id: `${Date.now() + 3_600_000 * n}000000`,
      author: 'bob',
    }));
    // Behind the last one, which is the furthest, '*' is as late.
    const [first, second, third] = ahead as [PostEvent, PostEvent, PostEvent];
    for (const event of [first, third, second, await publish(fanout, 'bob'), first, second, third]) {
      await fanout.deliverer.deliver([event]);
      await fanout.deliverer.deliver([event]);
    }
    expect(await told()).toHaveLength(4);
  });
});

describe('the index of what was delivered', () => {
  const HISTORY = 100;
  const LATE_EVERY = 200;
  const FULL = 5 * HISTORY + 1000;

  it('is never made anew while it is used, and knows every event that may come again', async () => {
    const fanout = await fixture.open({ partitions: 1, historyMaxEvents: HISTORY });
    await fanout.follows.follow('ann', 'bob');
    await fanout.timelines.page('ann');
    const keys = new Keys(1, fixture.prefix);
    const history = async (): Promise<StoredEvent[]> => storedHistory(fixture.client, keys.deliveries(0));
    /** Answers how many events were recorded, and how many parts of the history were read. */
    const deliver = async (...events: PostEvent[]): Promise<{ recorded: number; read: number }> => {
      const last = (await history()).at(-1)?.place ?? '0-0';
      await fixture.client.config('RESETSTAT');
      await fanout.deliverer.deliver(events);
      const read = await partsRead();
      return { recorded: (await history()).filter(({ place }) => isBefore(last, place)).length, read };
    };
    const events: PostEvent[] = [];
    for (let i = 1; i <= (5 * FULL) / LATE_EVERY; i++) {
      const late = await publish(fanout, 'bob');
      const others = await Promise.all(
        Array.from({ length: LATE_EVERY }, async () => publish(fanout, 'bob')),
      );
      events.push(late, ...others);
      expect(await deliver(...others)).toEqual({ recorded: LATE_EVERY, read: 0 });
      const { recorded, read } = await deliver(late);
      expect(recorded).toBe(1);
      expect(read).toBeLessThanOrEqual(2);
      if (i % 7 > 0) continue;
      // Whatever the history still has is known, whichever index it is in.
      const kept = new Set((await history()).map(({ text }) => text.slice(0, 19)));
      expect(await deliver(...events.filter(({ id }) => kept.has(id)))).toMatchObject({ recorded: 0 });
    }
    expect(await fixture.client.exists(keys.recordedBefore(0))).toBe(1);
  }, 120_000);

  it('lives as long as the one before it, without which it would know too little', async () => {
    const fanout = await fixture.open({ partitions: 1, historyMaxEvents: 100 });
    await fanout.follows.follow('ann', 'bob');
    const events = await Promise.all(
      Array.from({ length: 5 * 100 + 1000 }, async () => publish(fanout, 'bob')),
    );
    // Long after the time of its post.
    const repeated = events.slice(0, 1).map((event) => ({ ...event, kind: 'deleted' as const }));
    // Each look brings the index up to date; the last one finds it full, and nothing new to be brought in.
    // (The first ones are many enough that not all are looked at for that.)
    for (let from = 0; from < events.length; from += 300) {
      await fanout.deliverer.deliver(events.slice(from, from + 300));
      await fanout.deliverer.deliver(repeated);
    }
    await fanout.deliverer.deliver(repeated);
    const keys = new Keys(1, fixture.prefix);
    const ends = [keys.recorded(0), keys.recordedBefore(0)].map(async (key) =>
      fixture.client.pexpiretime(key),
    );
    const [end = 0, endBefore] = await Promise.all(ends);
    expect(end).toBeGreaterThan(Date.now());
    expect(endBefore).toBe(end);
  });

  /** How often a part of the history was read; a part has 100 entries at most. */
  async function partsRead(): Promise<number> {
    const stats = await fixture.client.info('commandstats');
    return Number(/cmdstat_xrange:calls=(\d+)/.exec(stats)?.[1] ?? 0);
  }
});

describe('an account of a delivery', () => {
  it('is the same however often the event is delivered', async () => {
    const fanout = await fixture.open({ partitions: 3 });
    for (const reader of ['a', 'b', 'c', 'd']) await fanout.follows.follow(reader, 'ann');
    for (const reader of ['a', 'b', 'c']) await fanout.timelines.page(reader);
    const event = await publish(fanout, 'ann');
    expect(await fanout.posts.delivery(event.id)).toMatchObject({ state: 'queued', deliveredAt: null });
    await fanout.deliverer.deliver([event]);
    const account = await fanout.posts.delivery(event.id);
    expect(account).toMatchObject({ state: 'delivered', pushed: 3, skippedInactive: 1, leftToPull: 0 });
    await fanout.deliverer.deliver([event, event]);
    expect(await fanout.posts.delivery(event.id)).toEqual(account);
  });

  it('counts again what a worker had pushed before it died without keeping the account', async () => {
    const fanout = await fixture.open({ partitions: 1 });
    await fanout.follows.follow('a', 'ann');
    await fanout.timelines.page('a');
    const event = await publish(fanout, 'ann');
    const [post = ''] = await fixture.allKeys(`*:post:${event.id}`);
    const before = await fixture.client.hgetall(post);
    await fanout.deliverer.deliver([event]);
    // As it was before the account was kept.
    await fixture.client.del(post);
    await fixture.client.hset(post, before);
    await fanout.deliverer.deliver([event]);
    expect(await fanout.posts.delivery(event.id)).toMatchObject({ pushed: 1, skippedInactive: 0 });
    const [timeline = ''] = await fixture.allKeys('*:timeline:a');
    expect(await entriesOf(fixture.client, timeline)).toEqual(['0', event.id]);
  });
});

describe('an event that Redis refuses', () => {
  it('does not keep the others of its batch from being delivered', async () => {
    const fanout = await fixture.open({ partitions: 1 });
    await fanout.follows.follow('a', 'ann');
    const events = [await publish(fanout, 'bad'), await publish(fanout, 'ann')];
    const [posts = ''] = await fixture.allKeys('*:posts:bad');
    await fixture.client.set(posts.replace(':posts:', ':followers:'), 'not a set');
    await expect(fanout.deliverer.deliver(events)).rejects.toThrow('WRONGTYPE');
    expect(await fanout.posts.delivery(events[1]?.id ?? '')).toMatchObject({ state: 'delivered' });
    expect(await fanout.posts.delivery(events[0]?.id ?? '')).not.toMatchObject({ state: 'delivered' });
  });
});

describe('what enters a timeline', () => {
  let subscriber: Redis;
  let heard: LiveEvent[];

  async function listen(fanout: Fanout, notifier: string): Promise<void> {
    heard = [];
    subscriber = (fixture.client as Redis).duplicate();
    subscriber.on('smessage', (_channel: string, message: string) => {
      heard.push((JSON.parse(message) as { data: LiveEvent }).data);
    });
    for (const channel of fanout.presence.channels(notifier)) await subscriber.ssubscribe(channel);
    await fanout.presence.renew(notifier);
  }
  /** What was published before is heard once this is. */
  async function settled(fanout: Fanout, notifier: string): Promise<void> {
    const [channel = ''] = fanout.presence.channels(notifier);
    const echo = new Promise((resolve) => subscriber.once('smessage', resolve));
    await fixture.client.spublish(channel, '{"data":{"readers":[]}}');
    await echo;
    heard = heard.filter(({ readers }) => readers.length > 0);
  }
  afterEach(() => {
    subscriber.disconnect();
  });

  it.each([
    ['pushed', Infinity],
    ['pulled', 0],
  ])(
    'is told to the notifiers of connected followers, and of the author, where it is %s',
    async (_, pushMaxFollowers) => {
      const fanout = await fixture.open({ partitions: 1, pushMaxFollowers });
      await listen(fanout, 'n1');
      for (const reader of ['a', 'b', 'c']) await fanout.follows.follow(reader, 'ann');
      await fanout.presence.attach('n1', ['a', 'c', 'ann', 'stranger']);
      const { id } = await publish(fanout, 'ann');
      await deliverAll(fanout, fixture.client);
      await settled(fanout, 'n1');
      // The same event, in one message or several, for different readers.
      expect(new Set(heard.map((event) => event.event)).size).toBe(1);
      expect(heard.every((event) => event.kind === 'published' && event.id === id)).toBe(true);
      expect(heard.flatMap((event) => event.readers).sort()).toEqual(['a', 'ann', 'c']);
    },
  );

  it('is told again once a notifier that was taken for dead says that it lives', async () => {
    const fanout = await fixture.open({ partitions: 1 });
    await listen(fanout, 'n1');
    await fanout.follows.follow('a', 'ann');
    await fanout.presence.attach('n1', ['a']);
    const [{ epoch } = { epoch: '' }] = await fanout.presence.renew('n1');
    const [life = ''] = await fixture.allKeys('*:notifier:n1');
    await fixture.client.del(life);
    await publish(fanout, 'ann');
    await deliverAll(fanout, fixture.client);
    // It learns that it was forgotten, so that it can attach its readers again.
    const [again] = await fanout.presence.renew('n1');
    expect(again?.epoch).not.toBe(epoch);
    expect(await fanout.presence.renew('n1')).toMatchObject([{ epoch: again?.epoch, told: 0 }]);
    await fanout.presence.attach('n1', ['a']);
    const { id } = await publish(fanout, 'ann');
    await deliverAll(fanout, fixture.client);
    await settled(fanout, 'n1');
    expect(heard.map((event) => event.id)).toEqual([id]);
  });

  it('leaves nothing of a notifier that died, though nothing is delivered', async () => {
    const fanout = await fixture.open({ partitions: 1 });
    const readers = Array.from({ length: 1000 }, (_, i) => `reader-${i}`);
    await fanout.presence.renew('dead');
    await fanout.presence.attach('dead', readers);
    await fanout.presence.renew('n1');
    await fanout.presence.attach('n1', ['reader-7']);
    const [life = ''] = await fixture.allKeys('*:notifier:dead');
    await fixture.client.del(life);
    const [online = ''] = await fixture.allKeys('*:online');
    for (let i = 0; i < 20; i++) await fanout.presence.renew('n1');
    expect(await fixture.client.hgetall(online)).toEqual({ 'reader-7': 'n1' });
  });

  it('is not told any more after the reader has gone, nor to a notifier that died', async () => {
    const fanout = await fixture.open({ partitions: 1 });
    await listen(fanout, 'n1');
    await fanout.follows.follow('a', 'ann');
    await fanout.presence.attach('n1', ['a']);
    await fanout.presence.attach('dead', ['a', 'b']);
    await fanout.presence.detach('n1', ['a']);
    await publish(fanout, 'ann');
    await deliverAll(fanout, fixture.client);
    await settled(fanout, 'n1');
    expect(heard).toEqual([]);
    const [online = ''] = await fixture.allKeys('*:online');
    // The dead one is forgotten where a delivery came across it.
    expect(await fixture.client.hgetall(online)).toEqual({ b: 'dead' });
  });
});
