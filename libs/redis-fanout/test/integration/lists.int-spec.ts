import { Keys } from '../../src/keys.js';
import {
  connectRedis,
  type ListStrategy,
  type Message,
  openLists,
  type RedisClient,
} from '../../src/index.js';
import { PartitionedRedis } from '../../src/redis/partitioned.js';
import { fanOutMessage } from '../../src/lua/fan-out-message.js';
import { Inboxes } from '../../src/strategies/lists/inboxes.js';
import { Fixture } from '../support/fixture.js';
import { RoundTrips } from '../support/round-trips.js';

let fixture: Fixture;
let count = 0;
beforeAll(async () => {
  fixture = await Fixture.standalone();
});
afterAll(async () => {
  await fixture.stop();
});

const nextPrefix = (): string => `lists-${++count}`;

async function subscribeAll(
  lists: ListStrategy<string>,
  source: string,
  recipients: number,
): Promise<string[]> {
  const names = Array.from({ length: recipients }, (_, i) => `user-${i}`);
  await Promise.all(names.map(async (name) => lists.subscribe(name, source)));
  return names;
}

async function payloadsOf(lists: ListStrategy<string>, recipient: string): Promise<string[]> {
  return (await lists.read(recipient, { limit: 100 })).items.map(({ payload }) => payload);
}

/** What a publisher does in one partition, one call at a time. */
function callOnce(client: RedisClient, prefix: string, id: string, payload: string): Promise<unknown> {
  const keys = new Keys(1, prefix);
  const names = {
    lastPosition: keys.lastPosition(0),
    subscribers: keys.subscribers(0, 'ann'),
    published: keys.published(0, 'ann', id),
    unfinished: keys.unfinished(0),
    guard: keys.guard(0),
  };
  return fanOutMessage(client, names, {
    id,
    source: 'ann',
    payload: JSON.stringify(payload),
    windowMs: 30_000,
    isKeyed: 0,
    maxMessages: 100,
    inboxStem: keys.inboxStem(0),
    droppedStem: keys.droppedStem(0),
    wakeStem: keys.wakeStem(0),
    messageStem: keys.messageStem(0),
    fanOutStem: keys.fanOutStem(0),
  });
}

describe('fanning out to 1,000 recipients of one slot', () => {
  it('takes one round trip and one call', async () => {
    const trips = await RoundTrips.to(Number(new URL(fixture.url).port));
    const client = connectRedis(trips.url);
    const lists = await openLists<string>({ client, prefix: nextPrefix(), partitions: 1 });
    const names = await subscribeAll(lists, 'ann', 1000);
    await fixture.client.config('RESETSTAT');

    expect(await trips.during(async () => lists.publish('ann', 'hello'))).toBe(1);
    expect(await fixture.client.info('commandstats')).toMatch(/cmdstat_evalsha:calls=1,/);
    for (const name of names) expect(await payloadsOf(lists, name)).toEqual(['hello']);

    await lists.close();
    client.disconnect();
    trips.stop();
  });

  it('never leaves some with and some without, wherever the client dies', async () => {
    const prefix = nextPrefix();
    const lists = await openLists<string>({ client: fixture.client, prefix, partitions: 1 });
    const names = await subscribeAll(lists, 'ann', 1000);
    for (let round = 0; round < 40; round++) {
      const client = connectRedis(fixture.url, { retryStrategy: () => null });
      const doomed = await openLists<string>({ client, prefix });
      const publishing = doomed.publish('ann', `round ${round}`).catch(() => undefined);
      // Before, while and after the command is sent.
      for (let turn = 0; turn < round % 4; turn++) await new Promise(setImmediate);
      client.disconnect();
      await publishing;
    }
    await lists.publish('ann', 'last');

    const [first = '', ...others] = names;
    const expected = await payloadsOf(lists, first);
    expect(expected.at(-1)).toBe('last');
    for (const name of others) expect(await payloadsOf(lists, name)).toEqual(expected);
    await lists.close();
  });
});

describe('fanning out to more recipients than one call serves', () => {
  const AUDIENCE = 2500;

  it('is finished by the next publisher where one dies, in order and once for everybody', async () => {
    const prefix = nextPrefix();
    const lists = await openLists<string>({ client: fixture.client, prefix, partitions: 1 });
    const names = await subscribeAll(lists, 'ann', AUDIENCE);
    expect(await callOnce(fixture.client, prefix, 'died', 'first')).toMatchObject({ outcome: 'unfinished' });

    await lists.publish('ann', 'second');
    for (const name of names) expect(await payloadsOf(lists, name)).toEqual(['first', 'second']);
    await lists.close();
  });

  it('is finished by whoever reads, where no more is published', async () => {
    const prefix = nextPrefix();
    const lists = await openLists<string>({ client: fixture.client, prefix, partitions: 1 });
    const names = await subscribeAll(lists, 'ann', AUDIENCE);
    await callOnce(fixture.client, prefix, 'died', 'first');

    // Each look brings it a step further.
    const last = [...names].sort().at(-1) ?? '';
    for (let looks = 0; looks < 3; looks++) await lists.read(last);
    for (const name of names) expect(await payloadsOf(lists, name)).toEqual(['first']);
    await lists.close();
  });

  it('goes on where the publisher itself sends its call again', async () => {
    const prefix = nextPrefix();
    const lists = await openLists<string>({ client: fixture.client, prefix, partitions: 1 });
    const names = await subscribeAll(lists, 'ann', AUDIENCE);
    for (let call = 0; call < 3; call++) {
      const outcome = await callOnce(fixture.client, prefix, 'same', 'once');
      expect(outcome).toMatchObject({ outcome: 'unfinished' });
    }
    await lists.publish('ann', 'last');
    expect(await callOnce(fixture.client, prefix, 'same', 'once')).toEqual({ outcome: 'repeated' });
    for (const name of names) expect(await payloadsOf(lists, name)).toEqual(['once', 'last']);
    await lists.close();
  });

  it('is not begun anew where it takes longer than its key is remembered', async () => {
    const prefix = nextPrefix();
    const lists = await openLists<string>({ client: fixture.client, prefix, partitions: 1 });
    const names = await subscribeAll(lists, 'ann', AUDIENCE);
    const redis = new PartitionedRedis(fixture.client, new Keys(1, prefix));
    const message = { id: 'slow', source: 'ann', payload: '"once"', idempotencyKey: undefined, windowMs: 1 };
    await new Inboxes(redis, { inboxMaxMessages: 10 }).fanOut(0, message);
    for (const name of names) expect(await payloadsOf(lists, name)).toEqual(['once']);
    await lists.close();
  });

  it('keeps nobody else waiting', async () => {
    const prefix = nextPrefix();
    const lists = await openLists<string>({ client: fixture.client, prefix, partitions: 1 });
    await subscribeAll(lists, 'ann', AUDIENCE);
    await lists.subscribe('user-0', 'bob');
    await callOnce(fixture.client, prefix, 'large', 'to many');
    await lists.publish('bob', 'to one');
    expect(await fixture.client.keys(`${prefix}:*:fan-out:large`)).toHaveLength(1);
    expect(await payloadsOf(lists, 'user-0')).toContain('to one');
    await lists.close();
  });

  it('keeps nothing of a message that everyone has acknowledged', async () => {
    const prefix = nextPrefix();
    const lists = await openLists<string>({ client: fixture.client, prefix, partitions: 1 });
    const names = await subscribeAll(lists, 'ann', AUDIENCE);
    await lists.publish('ann', 'x'.repeat(1000));
    const bodies = async (): Promise<string[]> => fixture.client.keys(`${prefix}:*:message:*`);
    expect(await bodies()).toHaveLength(1);

    for (const name of names) {
      const [message] = await lists.take(name);
      await lists.acknowledge(name, message?.id ?? '');
    }
    expect(await bodies()).toEqual([]);
    const left = await fixture.client.keys(`${prefix}:*`);
    expect(left.filter((key) => /:(inbox|taken|leases|fan-out|unfinished)/.test(key))).toEqual([]);
    await lists.close();
  });
});

it('completes a message that reached some partitions only, when it is published again under its key', async () => {
  const prefix = nextPrefix();
  const lists = await openLists<string>({ client: fixture.client, prefix, partitions: 8 });
  const names = await subscribeAll(lists, 'ann', 100);
  const inboxes = new Inboxes(new PartitionedRedis(fixture.client, new Keys(8, prefix)), {
    inboxMaxMessages: 10,
  });
  const first = { id: 'first-attempt', source: 'ann', windowMs: 30_000 };
  await inboxes.agreeOnId('ann', 'the key', first.id, first.windowMs);
  for (const partition of [1, 4]) {
    await inboxes.fanOut(partition, { ...first, payload: '"hello"', idempotencyKey: 'the key' });
  }

  expect(await lists.publish('ann', 'hello', { idempotencyKey: 'the key' })).toMatchObject({
    repeated: false,
  });
  for (const name of names) expect(await payloadsOf(lists, name)).toEqual(['hello']);
  expect(await lists.publish('ann', 'hello', { idempotencyKey: 'the key' })).toMatchObject({
    repeated: true,
  });
  for (const name of names) expect(await payloadsOf(lists, name)).toEqual(['hello']);
  await lists.close();
});

it('is not given back, nor held longer, by one who holds it no more', async () => {
  const prefix = nextPrefix();
  const lists = await openLists<string>({ client: fixture.client, prefix, partitions: 1 });
  await lists.subscribe('bob', 'ann');
  await lists.publish('ann', 'hello');
  const [first] = await lists.take('bob', { leaseMs: 10 });
  let again: readonly Message<string>[] = [];
  while (again.length === 0) again = await lists.take('bob', { leaseMs: 60_000 });
  const inboxes = new Inboxes(new PartitionedRedis(fixture.client, new Keys(1, prefix)), {
    inboxMaxMessages: 10,
  });
  const stale = { id: first?.id ?? '', attempt: 1 };
  expect(await inboxes.giveBack('bob', [stale])).toBe(0);
  expect(await inboxes.renew('bob', [stale], 10)).toBe(0);
  expect(await lists.take('bob')).toEqual([]);
  expect(await inboxes.giveBack('bob', again)).toBe(1);
  expect(await lists.take('bob')).toMatchObject([{ payload: 'hello', attempt: 2 }]);
  await lists.close();
});

it('makes room in a full inbox by its oldest message, and counts what it drops', async () => {
  const prefix = nextPrefix();
  const lists = await openLists<string>({
    client: fixture.client,
    prefix,
    partitions: 1,
    inboxMaxMessages: 3,
  });
  await lists.subscribe('bob', 'ann');
  await lists.subscribe('cid', 'ann');
  const long = (i: number): string => `${i}`.repeat(100);
  for (let i = 1; i <= 3; i++) await lists.publish('ann', long(i));
  const taken = await lists.take('bob', { limit: 1 });
  for (let i = 4; i <= 5; i++) await lists.publish('ann', long(i));

  // What is taken takes no room.
  expect(await payloadsOf(lists, 'bob')).toEqual([1, 3, 4, 5].map(long));
  expect(await lists.backlog('bob')).toMatchObject({ waiting: 3, taken: 1, dropped: 1 });
  expect(await payloadsOf(lists, 'cid')).toEqual([3, 4, 5].map(long));
  expect(await lists.backlog('cid')).toMatchObject({ waiting: 3, taken: 0, dropped: 2 });

  // The bodies of what nobody has any more are gone.
  expect(await fixture.client.keys(`${prefix}:*:message:*`)).toHaveLength(4);
  await lists.acknowledge(
    'bob',
    taken.map(({ id }) => id),
  );
  expect(await fixture.client.keys(`${prefix}:*:message:*`)).toHaveLength(3);
  await lists.close();
});

it('looks at inboxes where Redis takes nothing more, and lets them be emptied', async () => {
  const small = await Fixture.standalone({ maxmemory: '8mb' });
  const lists = await openLists<string>({ client: small.client, partitions: 1 });
  await lists.subscribe('bob', 'ann');
  await lists.publish('ann', 'hello');
  await small.client.config('SET', 'maxmemory', '1mb');

  await expect(lists.publish('ann', 'more')).rejects.toMatchObject({ name: 'StorageUnavailableError' });
  expect(await payloadsOf(lists, 'bob')).toEqual(['hello']);
  const [message] = (await lists.read('bob')).items;
  expect(await lists.acknowledge('bob', message?.id ?? '')).toBe(1);
  expect(await payloadsOf(lists, 'bob')).toEqual([]);
  await lists.close();
  await small.stop();
});
