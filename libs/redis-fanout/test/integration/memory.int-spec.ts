import type { Redis } from 'ioredis';

import type { Fanout } from '../../src/index.js';
import { deliverAll, Fixture } from '../support/fixture.js';
import { inBatches } from '../support/in-batches.js';

const READERS = Array.from({ length: 500 }, (_, i) => String(100_000 + 7 * i));
const AUTHOR = '4711';
const ENTRIES = 800;

/** Bytes of an entry: the value of an id takes 10, the rest is the floor, the list, its key and its expiry. */
interface Bytes {
  /** How many entries a timeline has; the floor is none. */
  readonly entries: number;
  /** By `MEMORY USAGE`. */
  readonly usage: number;
  /** By what Redis gets back when the timelines are dropped. */
  readonly used: number;
}

describe('the memory of timelines of readers with decimal ids', () => {
  let fixture: Fixture;
  let redis: Redis;
  let fanout: Fanout;

  beforeEach(async () => {
    fixture = await Fixture.standalone();
    redis = fixture.client as Redis;
    // Else Redis grows and shrinks its tables in the background.
    await redis.config('SET', 'activerehashing', 'no');
    fanout = await fixture.open({ pushMaxFollowers: Infinity });
  });
  afterEach(async () => {
    await fixture.stop();
  });

  async function follow(readers: readonly string[]): Promise<void> {
    await inBatches(readers, (reader) => fanout.follows.import(reader, AUTHOR));
  }
  async function read(readers: readonly string[]): Promise<void> {
    await inBatches(readers, (reader) => fanout.timelines.page(reader, { limit: 1 }));
  }
  async function publish(posts: number): Promise<void> {
    const drafts = Array.from({ length: posts }, () => ({ author: AUTHOR, text: 'text' }));
    await inBatches(drafts, (draft) => fanout.posts.publish(draft));
    await deliverAll(fanout, redis);
  }
  async function sum(keys: readonly string[], one: (key: string) => Promise<unknown>): Promise<number> {
    const numbers = await inBatches(keys, one);
    return numbers.map(Number).reduce((a, b) => a + b, 0);
  }
  /** Without the buffers of clients. */
  async function usedMemory(): Promise<number> {
    const memory = await redis.info('memory');
    const value = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(memory)?.[1]);
    return value('used_memory') - value('mem_clients_normal');
  }

  /** Takes all timelines away. */
  async function measure(): Promise<Bytes> {
    const keys = await fixture.allKeys('*:timeline:*');
    const entries = (await sum(keys, async (key) => redis.llen(key))) - keys.length;
    const usage = await sum(keys, async (key) => redis.memory('USAGE', key, 'SAMPLES', 0));
    const before = await usedMemory();
    await redis.del(keys);
    const used = before - (await usedMemory());
    return { entries: entries / keys.length, usage: usage / entries, used: used / entries };
  }

  it('that were pushed to is at most 11 bytes an entry', async () => {
    await follow(READERS);
    await read(READERS);
    await publish(ENTRIES);
    const { entries, usage, used } = await measure();
    expect(entries).toBe(ENTRIES);
    expect(usage).toBeLessThanOrEqual(11);
    expect(used).toBeLessThanOrEqual(11);
  });

  it('that were built from the lists of authors is at most 11 bytes an entry', async () => {
    await publish(ENTRIES + 50);
    await follow(READERS);
    // Scripts take memory, too, when they are first called.
    await read(['somebody']);
    const before = await usedMemory();
    await read(READERS);
    const grown = (await usedMemory()) - before;
    // That of somebody else goes again.
    await fanout.follows.import('somebody', AUTHOR);
    const { entries, usage, used } = await measure();
    expect(entries).toBe(ENTRIES);
    expect(usage).toBeLessThanOrEqual(11);
    expect(used).toBeLessThanOrEqual(11);
    expect(grown / (READERS.length * ENTRIES)).toBeLessThanOrEqual(11);
  });

  it('that are pushed to on and on is at most 11.5 bytes an entry', async () => {
    // Such a list lies in two blocks, of which one grows while the other shrinks, and neither is mostly as full as its
    // place is large. What that comes to depends on when the timeline was built: these are built one after the other.
    const readers = READERS.slice(0, 90);
    await publish(ENTRIES + 50);
    await follow(readers);
    for (let part = 0; part < 9; part++) {
      await read(readers.filter((_, i) => i % 9 === part));
      await publish(200);
    }
    const { entries, usage, used } = await measure();
    expect(entries).toBeGreaterThanOrEqual(ENTRIES);
    expect(entries).toBeLessThanOrEqual(ENTRIES + ENTRIES / 8);
    expect(usage).toBeLessThanOrEqual(11.5);
    expect(used).toBeLessThanOrEqual(11.5);
  });
});
