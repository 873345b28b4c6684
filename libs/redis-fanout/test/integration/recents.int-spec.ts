import { setTimeout as delay } from 'node:timers/promises';

import { connectRedis, Fanout, type FanoutOptions, type RedisClient } from '../../src/index.js';
import { Keys } from '../../src/keys.js';
import { deliverAll, Fixture, wholeTimeline } from '../support/fixture.js';

const READS = 300;

describe.each(['standalone', 'cluster'] as const)('`recent` lists that a process keeps, on a %s', (kind) => {
  let fixture: Fixture;
  /** Of the process that reads. */
  let client: RedisClient;
  let writer: Fanout;
  let reader: Fanout;
  beforeAll(async () => {
    fixture = await Fixture[kind]();
    client = connectRedis(fixture.url);
  });
  beforeEach(async () => {
    await begin({});
  });
  afterAll(async () => {
    client.disconnect();
    await fixture.stop();
  });

  /** Everybody is large. */
  async function begin(options: Partial<FanoutOptions>): Promise<void> {
    writer = await fixture.open({ ...options, pushMaxFollowers: 0 });
    reader = await Fanout.open({ ...options, client, prefix: fixture.prefix, pushMaxFollowers: 0 });
    for (const author of ['bob', 'cid', 'dan']) await writer.follows.follow('ann', author);
    await reader.timelines.page('ann');
  }

  async function publish(...authors: string[]): Promise<string[]> {
    const ids: string[] = [];
    for (const author of authors) {
      const { post } = await writer.posts.publish({ author, text: `of ${author}` });
      ids.push(post.id);
    }
    await deliverAll(writer, fixture.client);
    return ids;
  }

  async function ids(): Promise<string[]> {
    const { items } = await reader.timelines.page('ann');
    return items.map(({ id }) => id);
  }

  /** Reads until lists are kept: the first read notes where changes begin. */
  async function warmUp(): Promise<void> {
    for (let i = 0; i < 3; i++) await ids();
  }

  function recentKey(author: string): string {
    const keys = new Keys(writer.partitions, fixture.prefix);
    return keys.recent(keys.partitionOf('ann'), author);
  }

  it('are shown without asking for them', async () => {
    const published = await publish('bob', 'cid', 'dan');
    await warmUp();
    // Behind the back of the system, so that it shows where the ids are from.
    for (const author of ['bob', 'cid', 'dan']) await fixture.client.del(recentKey(author));
    expect(await ids()).toEqual(published.toReversed());
  });

  it('show what another process delivers, and who becomes large, from then on', async () => {
    const published = await publish('bob', 'cid');
    await warmUp();
    for (const author of ['bob', 'dan', 'cid', 'dan', 'bob', 'bob']) {
      published.push(...(await publish(author)));
      expect(await ids()).toEqual(published.toReversed());
    }
  });

  it('show the first who becomes large, where nobody was known to be', async () => {
    await warmUp();
    const published: string[] = [];
    for (const author of ['bob', 'cid', 'bob']) {
      published.push(...(await publish(author)));
      expect(await ids()).toEqual(published.toReversed());
    }
  });

  it('show what another process imports, at its place', async () => {
    const old = await publish('bob', 'cid');
    await warmUp();
    const { id } = await writer.posts.import({ author: 'bob', text: 'older', atMs: Date.now() - 60_000 });
    await deliverAll(writer, fixture.client);
    expect(await ids()).toEqual([...old.toReversed(), id]);
  });

  it('are read again where a page needs more of them', async () => {
    const published = await publish(...Array.from({ length: 70 }, () => 'bob'));
    await warmUp();
    const short = await reader.timelines.page('ann', { limit: 3 });
    expect(short.items.map(({ id }) => id)).toEqual(published.toReversed().slice(0, 3));
    published.push(...(await publish('bob')));
    for (const limit of [2, 60, 9, 100, 25])
      expect(await wholeTimeline(reader, 'ann', limit)).toEqual(published.toReversed());
  });

  it('are as the audit has repaired them', async () => {
    const published = await publish('bob', 'bob', 'bob');
    await warmUp();
    await fixture.client.lrem(recentKey('bob'), 1, published[1] ?? '');
    expect(await writer.audit.repair('ann')).toMatchObject({ recents: [{ author: 'bob' }] });
    published.push(...(await publish('bob')));
    expect(await ids()).toEqual(published.toReversed());
  });

  it('never show less than what was delivered before the read began', async () => {
    await publish('bob', 'cid', 'dan');
    await warmUp();
    let delivered = '';
    const reading = new AbortController();
    const writing = (async () => {
      for (let n = 0; !reading.signal.aborted; n++) {
        const [id = ''] = await publish(['bob', 'cid', 'dan'][n % 3] ?? '');
        delivered = id;
        await delay(1);
      }
    })();
    const behind: string[] = [];
    const read = async (): Promise<void> => {
      for (let i = 0; i < READS; i++) {
        const before = delivered;
        const [newest = ''] = await ids();
        if (newest < before) behind.push(`${newest} after ${before}`);
      }
    };
    await Promise.all([read(), read(), read()]);
    reading.abort();
    await writing;
    expect(behind).toEqual([]);
    const shown = await wholeTimeline(reader, 'ann', 100);
    expect(shown).toEqual(await wholeTimeline(writer, 'ann', 100));
  });

  it('are forgotten where more has changed than is remembered', async () => {
    await begin({ partitions: 1 });
    await publish('bob');
    await warmUp();
    await publish('bob');
    const others = Array.from({ length: 1200 }, () => 'eve');
    await writer.follows.follow('fay', 'eve');
    await publish(...others);
    expect(await ids()).toHaveLength(2);
  }, 120_000);

  it('are forgotten where Redis has lost its data', async () => {
    const post = { author: 'bob', atMs: Date.now() - 1000 };
    const { id } = await writer.posts.import({ ...post, text: 'before' });
    await deliverAll(writer, fixture.client);
    await warmUp();
    expect(await ids()).toEqual([id]);
    const keys = await fixture.allKeys('{*');
    await Promise.all(keys.map(async (key) => fixture.client.del(key)));
    await writer.follows.follow('ann', 'bob');
    expect(await ids()).toEqual([]);
    const after = await writer.posts.import({ ...post, text: 'after' });
    await deliverAll(writer, fixture.client);
    expect(await ids()).toEqual([after.id]);
  });
});
