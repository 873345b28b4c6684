import type { Redis } from 'ioredis';

import { Fanout, type FanoutOptions } from '../../src/index.js';
import { scripts } from '../../src/lua/scripts.js';
import { entriesOf } from '../support/entries.js';
import { callsOf } from '../support/ear.js';
import { cleanUp, clientOf, until } from '../support/faults.js';
import { deliverAll, Fixture, wholeTimeline } from '../support/fixture.js';
import { inBatches } from '../support/in-batches.js';
import { MAX_IDS_OF_CALL, MAX_LISTS_OF_CALL, mostWork } from '../support/most-work.js';
import { Steps } from '../support/steps.js';

const PARTITIONS = 8;

let fixture: Fixture;
let redis: Redis;
beforeAll(async () => {
  fixture = await Fixture.standalone();
  redis = fixture.client as Redis;
  for (const script of scripts) await script.load(redis);
});
afterAll(async () => {
  await fixture.stop();
});
afterEach(cleanUp);

/** A process of its own on the fan-out that was opened last. */
interface Process {
  readonly fanout: Fanout;
  readonly steps: Steps;
}

async function startProcess(
  options: Omit<FanoutOptions, 'client' | 'prefix'> = {},
  prefix = fixture.prefix,
): Promise<Process> {
  const client = clientOf(fixture.url) as Redis;
  return { fanout: await Fanout.open({ ...options, client, prefix }), steps: new Steps(client) };
}

/** The ids on so many first pages of Ann's that are asked for at once. */
async function pages(fanout: Fanout, count: number): Promise<string[][]> {
  const all = await Promise.all(Array.from({ length: count }, () => fanout.timelines.page('ann')));
  return all.map(({ items }) => items.map(({ id }) => id));
}

/** Ids, as often as there are pages. */
const onEach = (count: number, ids: string[]): string[][] => Array.from({ length: count }, () => ids);

const begins = ({ steps }: Process): (string | undefined)[] =>
  steps.of('begin').map(({ reply }) => (reply as string[])[0]);
const begun = (process: Process): number => begins(process).filter((outcome) => outcome === 'begun').length;
const finished = ({ steps }: Process): number => steps.of('finish').filter(({ reply }) => reply === 1).length;

async function timelineKey(reader: string): Promise<string> {
  const [key = ''] = await fixture.allKeys(`*:timeline:${reader}`);
  return key;
}

describe('a cold timeline of a reader of 5,000 authors', () => {
  const most = mostWork(PARTITIONS, 5000, 801);
  let prefix: string;
  let ids: string[];

  beforeAll(async () => {
    const fanout = await fixture.open({ partitions: PARTITIONS });
    ({ prefix } = fixture);
    const authors = Array.from({ length: 5000 }, (_, i) => String(7 * i));
    await inBatches(authors, (author) => fanout.follows.import('ann', author));
    // Most have four old posts, few have many and new ones.
    const counts = [1000, 200, 200, 200, 100, 50, 50, 20, 20, 20, 9, 9, 9, 9];
    const drafts = authors.flatMap((author, i) =>
      Array.from({ length: counts[i] ?? 4 }, (_, n) => {
        const atMs = (i < counts.length ? 1.1e12 : 1e12) + 6000 * n + i;
        return { author, text: 'text', atMs };
      }),
    );
    const posts = await inBatches(drafts, (draft) => fanout.posts.import(draft));
    ids = posts
      .map(({ id }) => id)
      .sort()
      .reverse();
  });
  beforeEach(async () => {
    const keys = await redis.keys(`${prefix}:*:timeline:ann`);
    if (keys.length > 0) await redis.del(keys);
  });

  it('is built by a bounded number of script calls, each with a bounded number of ids', async () => {
    const process = await startProcess({}, prefix);
    await redis.config('RESETSTAT');
    expect(await pages(process.fanout, 1)).toEqual([ids.slice(0, 50)]);
    const commands = ['smembers', 'evalsha', 'hmget'];
    const counts = await Promise.all(commands.map(async (command) => callsOf(redis, command)));

    expect(most).toEqual({ ids: 26_891, calls: 131 });
    const lists = process.steps.of('lists');
    expect(process.steps.idsRead).toBeLessThanOrEqual(most.ids);
    expect(lists.length).toBeLessThanOrEqual(most.calls);
    expect(Math.max(...lists.map((call) => call.keys))).toBeLessThanOrEqual(MAX_LISTS_OF_CALL);
    expect(Math.max(...lists.map((call) => call.ids))).toBeLessThanOrEqual(MAX_IDS_OF_CALL);
    expect(counts).toEqual([1, lists.length + 2, 51]);
    expect([begun(process), finished(process)]).toEqual([1, 1]);
  });

  it('is built once by many requests, and each process reads the lists once or twice for all of its', async () => {
    const processes = [await startProcess({}, prefix), await startProcess({}, prefix)];
    const shown = await Promise.all(processes.map(async ({ fanout }) => pages(fanout, 25)));
    expect(shown.flat()).toEqual(onEach(50, ids.slice(0, 50)));
    expect(processes.map(begun).sort()).toEqual([0, 1]);
    expect(processes.map(finished).sort()).toEqual([0, 1]);
    for (const { steps } of processes) {
      expect(steps.of('begin').length).toBeLessThanOrEqual(2);
      expect(steps.idsRead).toBeLessThanOrEqual(2 * most.ids);
      expect(steps.of('lists').length).toBeLessThanOrEqual(2 * most.calls);
    }
  });
});

describe('many requests for a timeline that is being built', () => {
  /** Whoever looks for a timeline looks for large authors, too: they are not known before it is there. */
  async function allHaveLooked(count: number): Promise<void> {
    await until(async () => (await callsOf(redis, 'sinter')) === count, 'all have looked');
  }

  it('share one look at the lists of authors, in each process', async () => {
    const world = await fixture.open({ partitions: PARTITIONS });
    await world.follows.follow('ann', 'bob');
    const { id } = await world.posts.import({ author: 'bob', text: 'text', atMs: 1e12 });
    const [builder, other] = [await startProcess(), await startProcess()];
    const late: Promise<string[][]>[] = [];
    builder.steps.at('before finish 1', async () => {
      await redis.config('RESETSTAT');
      late.push(pages(builder.fanout, 24));
      expect(await pages(other.fanout, 25)).toEqual(onEach(25, [id]));
      await allHaveLooked(49);
    });
    expect(await pages(builder.fanout, 1)).toEqual([[id]]);
    expect((await Promise.all(late)).flat()).toEqual(onEach(24, [id]));
    expect(begins(builder)).toEqual(['begun', 'live']);
    expect(begins(other).length).toBeLessThanOrEqual(2);
    expect(new Set(begins(other))).toEqual(new Set(['busy']));
    expect([finished(builder), finished(other)]).toEqual([1, 0]);
  });

  it('show what was answered before they came', async () => {
    const world = await fixture.open({ partitions: PARTITIONS });
    for (const author of ['bob', 'cid']) await world.follows.follow('ann', author);
    const at = async (author: string, atMs: number): Promise<string> =>
      (await world.posts.import({ author, text: 'text', atMs })).id;
    const [bobs, cids, dots] = [await at('bob', 1e12), await at('cid', 1.1e12), await at('dot', 1.2e12)];
    const process = await startProcess();
    const late: Promise<string[][]>[] = [];
    const own: string[] = [];
    process.steps.at('before finish 1', async () => {
      await world.follows.unfollow('ann', 'bob');
      await world.follows.follow('ann', 'dot');
      own.push((await world.posts.publish({ author: 'ann', text: 'text' })).post.id);
      await redis.config('RESETSTAT');
      late.push(pages(process.fanout, 3));
      await allHaveLooked(3);
    });
    expect(await pages(process.fanout, 1)).toEqual([[cids, bobs]]);
    const expected = [...own, dots, cids];
    expect((await Promise.all(late)).flat()).toEqual(onEach(3, expected));
    expect(process.steps.outstanding).toEqual([]);
    await deliverAll(world, redis);
    expect(await wholeTimeline(process.fanout, 'ann', 2)).toEqual(expected);
  });
});

describe('a cold timeline of an author who has posted more than a call may read', () => {
  it('is built by calls that read no more', async () => {
    const options = { partitions: PARTITIONS, timelineMaxEntries: 5000, authorMaxPosts: 10_000 };
    const world = await fixture.open(options);
    // Of two lists more is read at first than of three: there it is the next part that would be too long.
    await world.follows.follow('ann', 'bob');
    for (const author of ['bob', 'cid']) await world.follows.follow('dot', author);
    const times = Array.from({ length: 7500 }, (_, n) => 1e12 + n);
    const posts = await inBatches(times, (atMs) => world.posts.import({ author: 'bob', text: 'text', atMs }));
    const ids = posts.map(({ id }) => id).reverse();
    for (const reader of ['ann', 'dot']) {
      const { fanout, steps } = await startProcess(options);
      const { items } = await fanout.timelines.page(reader);
      expect(items.map(({ id }) => id)).toEqual(ids.slice(0, 50));
      expect(Math.max(...steps.calls.map((call) => call.ids))).toBe(MAX_IDS_OF_CALL);
      const entries = await entriesOf(redis, await timelineKey(reader));
      expect(entries).toEqual(ids.slice(0, 5001).reverse());
    }
  });
});
