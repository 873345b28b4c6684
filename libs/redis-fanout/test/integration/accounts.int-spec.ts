import type { Redis } from 'ioredis';

import { type DeliveryWorker, type Fanout, partitionOfUser } from '../../src/index.js';
import { scripts } from '../../src/lua/scripts.js';
import { Audience, type Counts } from '../support/audience.js';
import { cleanUp, onCleanUp, until } from '../support/faults.js';
import { deliverAll, Fixture } from '../support/fixture.js';
import { losingRelayTo } from '../support/lost-replies.js';
import { Steps } from '../support/steps.js';

let fixture: Fixture;
let redis: Redis;
/** Workers without a connection: they give up when they are stopped. */
const killed: DeliveryWorker[] = [];
beforeAll(async () => {
  fixture = await Fixture.standalone({ 'set-max-intset-entries': '16384' });
  redis = fixture.client as Redis;
  for (const script of scripts) await script.load(redis);
});
afterAll(async () => {
  await Promise.all(killed.map(async (worker) => worker.stop()));
  await fixture.stop();
});
afterEach(cleanUp);

const KINDS = [
  ['intset', (i: number) => String(13 * i)],
  ['hashtable', (i: number) => `reader-${i}`],
] as const;

const sumOf = ({ pushed, skippedInactive, leftToPull }: Counts): number =>
  pushed + skippedInactive + leftToPull;

/** Has events that a worker took and never acknowledged taken for a dead one's. */
async function endLeases({ outboxes, consumerGroup }: Fanout): Promise<void> {
  for (const outbox of outboxes) {
    const pending = (await redis.xpending(outbox, consumerGroup, '-', '+', 100)) as [string, string][];
    for (const [id, consumer] of pending) {
      const idle = ['IDLE', 86_400_000, 'JUSTID'];
      await redis.call('XCLAIM', outbox, consumerGroup, consumer, 0, id, ...idle);
    }
  }
}

async function everythingAcknowledged({ outboxes }: Fanout): Promise<boolean> {
  return (await Promise.all(outboxes.map(async (outbox) => redis.xlen(outbox)))).every(
    (count) => count === 0,
  );
}

describe.each(KINDS)('the account of a delivery to followers in a %s', (encoding, nameOf) => {
  let audience: Audience;
  beforeAll(async () => {
    audience = await Audience.open(fixture, 900, nameOf);
    expect(await redis.object('ENCODING', await audience.followersKey())).toBe(encoding);
  });

  it('is right for those who are pushed to, who are inactive and who look further', async () => {
    const { id } = await audience.post();
    await deliverAll(audience.fanout, redis);
    expect(await audience.account(id)).toEqual({ pushed: 300, skippedInactive: 300, leftToPull: 300 });
    expect(await audience.readersWith(id)).toEqual(audience.active);
  });

  it("does not count the author's own timeline", async () => {
    await audience.fanout.timelines.page('star');
    const { id } = await audience.post();
    await deliverAll(audience.fanout, redis);
    expect(await audience.account(id)).toEqual(audience.pushed);
    expect(await audience.readersWith(id)).toEqual([...audience.active, 'star'].sort());
    await redis.del(await fixture.allKeys('*:timeline:star'));
  });

  it.each([
    ['at the threshold', 900, { pushed: 300, skippedInactive: 300, leftToPull: 300 }],
    ['above it', 899, { pushed: 0, skippedInactive: 0, leftToPull: 900 }],
    ['with all pulled', 0, { pushed: 0, skippedInactive: 0, leftToPull: 900 }],
  ])('is right %s', async (_, pushMaxFollowers, counts) => {
    const fanout = await fixture.reopen({ partitions: 1, timelineMaxEntries: 80, pushMaxFollowers });
    const { id } = await audience.post();
    await deliverAll(fanout, redis);
    expect(await audience.account(id)).toEqual(counts);
  });

  describe('with a worker that is killed', () => {
    it.each([
      ['before it has begun', 'before deliver 1'],
      ['in the middle of the audience', 'after deliver 1'],
      ['later in the middle of the audience', 'before deliver 3'],
      ['with everything delivered, but no account kept', 'before record 1'],
      ['with the account kept, but nothing acknowledged', 'before acknowledge 1'],
      ['with everything acknowledged, but not told so', 'after acknowledge 1'],
    ])('%s is the same', async (_, moment) => {
      const { id } = await audience.post();
      const dying = await audience.startProcess();
      const steps = new Steps(dying.client);
      const died = new Promise<void>((resolve) => {
        steps.at(moment, async () => {
          dying.client.disconnect();
          resolve();
          // What a command is answered that is sent from now on.
          return dying.client.ping();
        });
      });
      killed.push(dying.fanout.startDelivering({ onError: () => undefined }));
      await died;
      await endLeases(audience.fanout);
      const worker = audience.fanout.startDelivering();
      onCleanUp(async () => worker.stop());
      await until(async () => everythingAcknowledged(audience.fanout), 'everything is acknowledged');
      expect(await audience.account(id)).toEqual(audience.pushed);
      expect(await audience.readersWith(id)).toEqual(audience.active);
    });
  });

  it.each([
    ['of the first part', ':deliveries', 1, 1],
    ['in the middle', ':deliveries', 2, 1],
    ['of the last part', ':deliveries', 3, 1],
    ['again and again', ':deliveries', 1, 3],
    ['of keeping the account', ':undelivered:', 1, 2],
  ])('is the same where the answer %s is lost', async (_, text, nth, count) => {
    const event = await audience.post();
    const relay = await losingRelayTo(Number(new URL(fixture.url).port));
    const { fanout } = await audience.startProcess(relay.url);
    relay.loseAnswers(text, nth, count);
    await fanout.deliverer.deliver([event]);
    expect(relay.lost).toBe(count);
    expect(await audience.account(event.id)).toEqual(audience.pushed);
    expect(await audience.readersWith(event.id)).toEqual(audience.active);
  });

  it('is the same where two workers deliver at the same time', async () => {
    const event = await audience.post();
    const other = await audience.startProcess();
    await Promise.all([
      audience.fanout.deliverer.deliver([event]),
      other.fanout.deliverer.deliver([event, event]),
    ]);
    const account = await audience.fanout.posts.delivery(event.id);
    expect(await audience.account(event.id)).toEqual(audience.pushed);
    await audience.fanout.deliverer.deliver([event]);
    expect(await audience.fanout.posts.delivery(event.id)).toEqual(account);
  });
});

describe('the account of a delivery to several partitions', () => {
  it('is right where some are above the threshold and some are not', async () => {
    const readers = Array.from({ length: 60 }, (_, i) => `reader-${i}`);
    const sizes = [0, 1, 2].map((q) => readers.filter((reader) => partitionOfUser(reader, 3) === q).length);
    const threshold = Math.max(...sizes) - 1;
    const fanout = await fixture.open({ partitions: 3, pushMaxFollowers: threshold });
    for (const reader of readers) await fanout.follows.import(reader, 'star');
    const active = readers.filter((_, i) => i % 2 === 0);
    for (const reader of active) await fanout.timelines.page(reader);
    const { post } = await fanout.posts.publish({ author: 'star', text: 'text' });
    await deliverAll(fanout, redis);

    const isPulled = (reader: string): boolean => (sizes[partitionOfUser(reader, 3)] ?? 0) > threshold;
    const counts = {
      pushed: active.filter((reader) => !isPulled(reader)).length,
      skippedInactive: readers.filter((reader) => !active.includes(reader) && !isPulled(reader)).length,
      leftToPull: readers.filter(isPulled).length,
    };
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(0);
    expect(sumOf(counts)).toBe(60);
    expect(await fanout.posts.delivery(post.id)).toMatchObject({ state: 'delivered', ...counts });
  });
});

describe('the account of a delivery during which followers come and go', () => {
  let steps: Steps;
  beforeAll(() => {
    steps = new Steps(redis);
  });

  it('counts all once, where an intset becomes a hashtable', async () => {
    const audience = await Audience.open(fixture, 900, (i) => String(13 * i));
    const { id } = await audience.post();
    steps.at('after deliver 1', async () => audience.follow('name'));
    await deliverAll(audience.fanout, redis);
    expect(steps.outstanding).toEqual([]);
    expect(await redis.object('ENCODING', await audience.followersKey())).toBe('hashtable');
    const { pushed, skippedInactive, leftToPull } = audience.pushed;
    expect(await audience.account(id)).toEqual({ pushed, skippedInactive: skippedInactive + 1, leftToPull });
  });

  it('counts all once, where they become too many to push to', async () => {
    const audience = await Audience.open(fixture, 900, (i) => `reader-${i}`, { pushMaxFollowers: 900 });
    const { id } = await audience.post();
    steps.at('after deliver 1', async () => audience.follow('one-more'));
    await deliverAll(audience.fanout, redis);
    expect(steps.outstanding).toEqual([]);
    expect(await audience.account(id)).toEqual({ pushed: 0, skippedInactive: 0, leftToPull: 901 });
    // Those to whom it was pushed do not see it twice.
    const { items } = await audience.fanout.timelines.page(audience.active[0] ?? '', { limit: 100 });
    expect(items.filter((post) => post.id === id)).toHaveLength(1);
  });

  it('counts all once, where they become few enough to push to', async () => {
    const audience = await Audience.open(fixture, 901, (i) => `reader-${i}`, { pushMaxFollowers: 900 });
    const { id } = await audience.post();
    steps.at('before deliver 1', async () => audience.unfollow('reader-1'));
    await deliverAll(audience.fanout, redis);
    expect(steps.outstanding).toEqual([]);
    const { pushed, skippedInactive, leftToPull } = audience.pushed;
    expect(await audience.account(id)).toEqual({ pushed, skippedInactive: skippedInactive - 1, leftToPull });
  });

  it('counts those once who stay, where the set grows', async () => {
    const audience = await Audience.open(fixture, 900, (i) => `reader-${i}`);
    const { id } = await audience.post();
    const others = Array.from({ length: 3000 }, (_, i) => `other-${i}`);
    steps.at('after deliver 1', async () => audience.follow(...others));
    await deliverAll(audience.fanout, redis);
    expect(steps.outstanding).toEqual([]);
    // Those who came have no timelines.
    const { pushed, skippedInactive, leftToPull } = await audience.account(id);
    expect({ pushed, leftToPull }).toEqual({ pushed: 300, leftToPull: 300 });
    expect(skippedInactive).toBeGreaterThanOrEqual(300);
    expect(skippedInactive).toBeLessThanOrEqual(3300);
  });

  it.each(KINDS)('counts those once who stay, where some leave a %s', async (_, nameOf) => {
    const audience = await Audience.open(fixture, 900, nameOf);
    const { id } = await audience.post();
    // Half of those who are inactive.
    const leaving = audience.followers.filter((_reader, i) => i % 6 === 1);
    steps.at('after deliver 1', async () => audience.unfollow(...leaving));
    await deliverAll(audience.fanout, redis);
    expect(steps.outstanding).toEqual([]);
    const { pushed, skippedInactive, leftToPull } = await audience.account(id);
    expect({ pushed, leftToPull }).toEqual({ pushed: 300, leftToPull: 300 });
    expect(skippedInactive).toBeGreaterThanOrEqual(150);
    expect(skippedInactive).toBeLessThanOrEqual(300);
  });

  it('may count some twice where almost all leave, and Redis packs the rest closer together', async () => {
    const audience = await Audience.open(fixture, 1500, (i) => `reader-${i}`);
    const { id } = await audience.post();
    const key = await audience.followersKey();
    const served: string[] = [];
    let staying: string[] = [];
    steps.at('after deliver 1', async () => {
      const have = new Set(await audience.readersWith(id));
      let cursor = '0';
      do {
        const [next, members] = await redis.sscan(key, cursor, 'COUNT', 200);
        if (!members.some((reader) => have.has(reader))) break;
        served.push(...members);
        cursor = next;
      } while (cursor !== '0');
      // Those who were served last: they are the ones that the rest of the walk may meet again.
      staying = served.slice(-20);
      await audience.unfollow(...audience.followers.filter((reader) => !staying.includes(reader)));
    });
    await deliverAll(audience.fanout, redis);
    expect(steps.outstanding).toEqual([]);
    const sum = sumOf(await audience.account(id));
    expect(sum).toBeGreaterThanOrEqual(served.length);
    expect(sum).toBeLessThanOrEqual(served.length + staying.length);
    // Nobody is passed over, and a timeline does not take the post twice.
    expect(await audience.readersWith(id)).toEqual(
      audience.active.filter((reader) => staying.includes(reader)),
    );
  });
});
