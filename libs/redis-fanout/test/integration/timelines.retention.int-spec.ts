import type { Redis } from 'ioredis';

import { type Fanout, partitionOfUser } from '../../src/index.js';
import { scripts } from '../../src/lua/scripts.js';
import { Steps } from '../support/steps.js';
import { deliverAll, Fixture } from '../support/fixture.js';
import { inBatches } from '../support/in-batches.js';
import { mostWork } from '../support/most-work.js';

/** As by default: an author's newest 3,200 posts can be reached, and a timeline holds 800. */
const RETAINED = 3200;
const LIMIT = 100;
const PARTITIONS = 8;
/** More followers of the star than posts are pushed to, in the reader's partition. */
const NEIGHBOURS = Array.from({ length: 200 }, (_, i) => `reader-${i}`)
  .filter((reader) => partitionOfUser(reader, PARTITIONS) === partitionOfUser('ann', PARTITIONS))
  .slice(0, 3);
/** How many posts each author has. */
const AUTHORS = { bob: RETAINED, star: RETAINED, cid: 40, dot: 3, eve: 0, ann: 100 };
const FOLLOWED = ['bob', 'star', 'cid', 'dot', 'eve'];

let fixture: Fixture;
let fanout: Fanout;
let steps: Steps;
/** What ann is to see, newest first. */
let ids: string[];

beforeAll(async () => {
  fixture = await Fixture.standalone();
  for (const script of scripts) await script.load(fixture.client as Redis);
  fanout = await fixture.open({ partitions: PARTITIONS, pushMaxFollowers: 3 });
  steps = new Steps(fixture.client as Redis);
  for (const author of FOLLOWED) await fanout.follows.follow('ann', author);
  for (const reader of NEIGHBOURS) await fanout.follows.follow(reader, 'star');
  ids = [];
  // The timeline becomes live in the middle: then posts are pushed to it, it is cut, and the star's short list is, too.
  await post(0, 0.7);
  await fanout.timelines.page('ann');
  await post(0.7, 1);
  ids.sort().reverse();
});
afterAll(async () => {
  await fixture.stop();
});

/** Brings in a part of everybody's posts, which are spread over the same time, and delivers it. */
async function post(from: number, to: number): Promise<void> {
  for (const [i, [author, count]] of Object.entries(AUTHORS).entries()) {
    const [first, last] = [Math.round(from * count), Math.round(to * count)];
    const times = Array.from({ length: last - first }, (_, n) => Math.round(((first + n) / count) * 1e9));
    const posts = await inBatches(times, (time) =>
      fanout.posts.import({ author, text: 'text', atMs: 1e12 + time + i }),
    );
    ids.push(...posts.map(({ id }) => id));
  }
  await deliverAll(fanout, fixture.client);
}

/** All pages, and what each read of authors' lists. */
async function walk(): Promise<{ shown: string[]; work: { ids: number; calls: number }[] }> {
  const shown: string[] = [];
  const work: { ids: number; calls: number }[] = [];
  let cursor: string | null | undefined;
  do {
    steps.calls.length = 0;
    const page = await fanout.timelines.page('ann', { limit: LIMIT, cursor: cursor ?? undefined });
    shown.push(...page.items.map(({ id }) => id));
    work.push({ ids: steps.idsRead, calls: steps.of('lists').length });
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { shown, work };
}

const { ids: mostIds, calls: mostCalls } = mostWork(PARTITIONS, FOLLOWED.length, LIMIT + 1);
/**
 * The star may be read twice: below its short list and with everybody else below the timeline; so every id may come
 * twice, and there is one list more.
 */
const MOST_IDS = 2 * mostIds + 3 * (LIMIT + 1);
const MOST_CALLS = 2 * mostCalls + 2;

it('pages to the first post of everybody who is followed, with a bounded amount of work for each page', async () => {
  const { shown, work } = await walk();
  expect(shown).toEqual(ids);
  expect(work).toHaveLength(Math.ceil((2 * RETAINED + 143) / LIMIT));
  expect(MOST_IDS).toBeLessThan(1200);
  expect(Math.max(...work.map((page) => page.ids))).toBeLessThanOrEqual(MOST_IDS);
  expect(Math.max(...work.map((page) => page.calls))).toBeLessThanOrEqual(MOST_CALLS);

  // Above the floor of the star's list no page needs the lists of authors.
  expect(work[0]).toEqual({ ids: 0, calls: 0 });
});

it('pages as far where the timeline has been dropped', async () => {
  const keys = await fixture.allKeys('*:timeline:ann');
  expect(await fixture.client.del(keys)).toBe(1);
  const { shown, work } = await walk();
  expect(shown).toEqual(ids);
  const [first, ...others] = work;
  expect(first?.ids).toBeLessThanOrEqual(mostWork(PARTITIONS, FOLLOWED.length, 801).ids);
  expect(Math.max(...others.map((page) => page.ids))).toBeLessThanOrEqual(MOST_IDS);
  expect(Math.max(...others.map((page) => page.calls))).toBeLessThanOrEqual(MOST_CALLS);
});

it('keeps that many of each author, and a hundredth', async () => {
  const [last = ''] = ids.slice(-1);
  expect(ids).toHaveLength(2 * RETAINED + 143);
  for (let n = 0; n < 33; n++) await fanout.posts.import({ author: 'bob', text: 'more', atMs: 1.1e12 + n });
  const { items } = await fanout.timelines.pageOfAuthor('bob', { limit: 1 });
  expect(items[0]?.text).toBe('more');
  const [key = ''] = await fixture.allKeys('*:posts:bob');
  const list = await fixture.client.lrange(key, 0, -1);
  expect(list).toHaveLength(RETAINED);
  expect(list).not.toContain(last);
});
