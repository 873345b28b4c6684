import {
  BacklogFullError,
  connectRedis,
  openStreams,
  type StreamOptions,
  type StreamStrategy,
} from '../../src/index.js';
import { Keys } from '../../src/keys.js';
import { PartitionedRedis } from '../../src/redis/partitioned.js';
import { SourceStreams } from '../../src/strategies/streams/source-streams.js';
import { streamSettings } from '../../src/strategies/strategy-options.js';
import { Fixture } from '../support/fixture.js';

let fixture: Fixture;
let count = 0;
beforeAll(async () => {
  fixture = await Fixture.standalone();
});
afterAll(async () => {
  await fixture.stop();
});

async function open(options: Partial<StreamOptions> = {}): Promise<StreamStrategy<string>> {
  return openStreams<string>({ client: fixture.client, prefix: `streams-${++count}`, ...options });
}

async function keyOf(pattern: string): Promise<string> {
  const [key = ''] = await fixture.client.keys(`streams-${count}:*:${pattern}`);
  return key;
}

async function takeAll(streams: StreamStrategy<string>, recipient: string): Promise<string[]> {
  const payloads: string[] = [];
  for (;;) {
    const messages = await streams.take(recipient, { limit: 100 });
    if (messages.length === 0) return payloads;
    payloads.push(...messages.map(({ payload }) => payload));
    await streams.acknowledge(
      recipient,
      messages.map(({ id }) => id),
    );
  }
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

/** As if time had passed: a lease is over when its entry was idle for a day by Redis' reckoning. */
async function endLeases(key: string, group: string): Promise<void> {
  const pending = (await fixture.client.xpending(key, group, '-', '+', 100)) as [string][];
  for (const [id] of pending) {
    await fixture.client.call('XCLAIM', key, group, 'redis-fanout', 0, id, 'IDLE', 86_400_000, 'JUSTID');
  }
}

describe('a full stream', () => {
  it('lets go of what every group has acknowledged, and of nothing else', async () => {
    const streams = await open({ streamMaxMessages: 250 });
    await streams.subscribe('fast', 'ann');
    await streams.subscribe('slow', 'ann');
    for (const number of numbers(1, 250)) await streams.publish('ann', number);
    expect(await takeAll(streams, 'fast')).toEqual(numbers(1, 250));

    // All of it waits for the slow one.
    await expect(streams.publish('ann', '251')).rejects.toBeInstanceOf(BacklogFullError);
    const some = await streams.take('slow', { limit: 30 });
    await expect(streams.publish('ann', '251')).rejects.toBeInstanceOf(BacklogFullError);
    // The oldest one is needed still, by one who holds it.
    await streams.acknowledge(
      'slow',
      some.slice(1).map(({ id }) => id),
    );
    await expect(streams.publish('ann', '251')).rejects.toBeInstanceOf(BacklogFullError);
    await streams.acknowledge('slow', some[0]?.id ?? '');
    for (const number of numbers(251, 280)) await streams.publish('ann', number);
    await expect(streams.publish('ann', '281')).rejects.toBeInstanceOf(BacklogFullError);

    expect(await takeAll(streams, 'slow')).toEqual(numbers(31, 280));
    expect(await takeAll(streams, 'fast')).toEqual(numbers(251, 280));
    for (const number of numbers(281, 1000)) {
      await streams.publish('ann', number);
      if (Number(number) % 100 === 0) {
        await takeAll(streams, 'slow');
        await takeAll(streams, 'fast');
      }
    }
    expect(await fixture.client.xlen(await keyOf('stream:ann'))).toBeLessThanOrEqual(250);
    await streams.close();
  });

  it('lets go of what was acknowledged without being taken', async () => {
    const streams = await open({ streamMaxMessages: 100 });
    await streams.subscribe('reader', 'ann');
    for (const number of numbers(1, 100)) await streams.publish('ann', number);
    const { items } = await streams.read('reader', { limit: 100 });
    // Not the first one: it is handed out as ever, and only then makes room.
    const ids = items.map(({ id }) => id);
    expect(await streams.acknowledge('reader', ids.slice(1))).toBe(99);
    await expect(streams.publish('ann', '101')).rejects.toBeInstanceOf(BacklogFullError);
    expect(await streams.take('reader')).toMatchObject([{ payload: '1', attempt: 1 }]);
    await streams.acknowledge('reader', ids[0] ?? '');
    await streams.publish('ann', '101');
    await streams.close();
  });

  it('goes on when the one who held it up is unsubscribed', async () => {
    const streams = await open({ streamMaxMessages: 100 });
    await streams.subscribe('gone', 'ann');
    for (const number of numbers(1, 100)) await streams.publish('ann', number);
    await expect(streams.publish('ann', '101')).rejects.toBeInstanceOf(BacklogFullError);
    await streams.unsubscribe('gone', 'ann');
    await streams.publish('ann', '101');
    await streams.close();
  });
});

describe('a message that is never acknowledged', () => {
  it('becomes a dead letter of its recipient, and can be handed out again to that one alone', async () => {
    const streams = await open({ maxAttempts: 2 });
    await streams.subscribe('team', 'ann');
    await streams.subscribe('other', 'ann');
    await streams.publish('ann', 'poison');
    await streams.publish('ann', 'fine');
    const key = await keyOf('stream:ann');
    const [poison, fine] = await streams.take('team');
    await streams.acknowledge('team', fine?.id ?? '');
    await endLeases(key, 'team');
    expect(await streams.take('team')).toMatchObject([{ payload: 'poison', attempt: 2 }]);
    await endLeases(key, 'team');
    expect(await streams.take('team')).toEqual([]);

    const { items } = await streams.deadLetters('team');
    expect(items).toEqual([{ ...poison, attempt: 2 }]);
    expect((await streams.deadLetters('other')).items).toEqual([]);
    expect(await streams.backlog('team')).toMatchObject({ waiting: 0, taken: 0 });

    expect(await streams.replayDeadLetter('other', poison?.id ?? '')).toBe(false);
    expect(await streams.replayDeadLetter('team', poison?.id ?? '')).toBe(true);
    expect(await streams.replayDeadLetter('team', poison?.id ?? '')).toBe(false);
    expect((await streams.deadLetters('team')).items).toEqual([]);
    expect(await streams.take('team')).toMatchObject([{ payload: 'poison', attempt: 1 }]);
    expect(await takeAll(streams, 'other')).toEqual(['poison', 'fine']);
    expect(await streams.backlog('other')).toMatchObject({ waiting: 0, taken: 0 });
    await streams.close();
  });

  it('is forgotten where that is wished', async () => {
    const streams = await open({ maxAttempts: 1 });
    await streams.subscribe('team', 'ann');
    await streams.publish('ann', 'poison');
    const [poison] = await streams.take('team');
    await endLeases(await keyOf('stream:ann'), 'team');
    await streams.take('team');
    expect(await streams.deleteDeadLetter('team', poison?.id ?? '')).toBe(true);
    expect(await streams.deleteDeadLetter('team', poison?.id ?? '')).toBe(false);
    expect((await streams.deadLetters('team')).items).toEqual([]);
    await streams.close();
  });
});

describe('groups that are not there', () => {
  it('are made again from where the subscription began, where Redis has lost them', async () => {
    const streams = await open();
    await streams.publish('ann', 'before');
    await streams.subscribe('team', 'ann');
    await streams.publish('ann', 'after');
    await fixture.client.xgroup('DESTROY', await keyOf('stream:ann'), 'team');
    expect(await takeAll(streams, 'team')).toEqual(['after']);
    await streams.close();
  });

  it('are made where a process has died between writing the subscription down and making the group', async () => {
    const streams = await open({ partitions: 1 });
    await streams.publish('ann', 'before');
    await streams.subscribe('team', 'ann', { from: 'beginning' });
    await fixture.client.xgroup('DESTROY', await keyOf('stream:ann'), 'team');
    const heard: string[] = [];
    const listening = await streams.listen('team', async ({ id, payload }) => {
      heard.push(payload);
      await streams.acknowledge('team', id);
    });
    while (heard.length < 1) await new Promise(setImmediate);
    expect(heard).toEqual(['before']);
    await listening.close();
    await streams.close();
  });

  it('stay away where a process has died between striking the subscription out and destroying the group', async () => {
    const streams = await open();
    await streams.subscribe('team', 'ann');
    await fixture.client.hdel(await keyOf('subscriptions:team'), 'ann');
    await streams.publish('ann', 'hello');
    expect(await streams.take('team')).toEqual([]);
    await streams.unsubscribe('team', 'ann');
    expect(await fixture.client.xinfo('GROUPS', await keyOf('stream:ann'))).toEqual([]);
    await streams.close();
  });
});

it('holds each message for the lease of whoever took it', async () => {
  const streams = await open();
  await streams.subscribe('team', 'ann');
  await streams.publish('ann', 'long');
  await streams.publish('ann', 'short');
  const [long] = await streams.take('team', { limit: 1, leaseMs: 60_000 });
  await streams.take('team', { limit: 1, leaseMs: 10 });
  let again: readonly { payload: string }[] = [];
  while (again.length === 0) again = await streams.take('team', { leaseMs: 10 });
  expect(again).toMatchObject([{ payload: 'short', attempt: 2 }]);
  expect(long?.payload).toBe('long');
  await streams.close();
});

it('counts exactly what waits, also after a replay', async () => {
  const streams = await open();
  const ids: string[] = [];
  for (const number of numbers(1, 10)) ids.push((await streams.publish('ann', number)).id);
  await streams.subscribe('team', 'ann', { from: { after: ids[3] ?? '' } });
  expect(await streams.backlog('team')).toMatchObject({ waiting: 6, taken: 0 });
  expect(await takeAll(streams, 'team')).toEqual(numbers(5, 10));
  expect(await streams.backlog('team')).toMatchObject({ waiting: 0, taken: 0, oldestMs: 0 });
  await streams.replay('team', 'ann', { after: ids[1] ?? '' });
  expect(await streams.backlog('team')).toMatchObject({ waiting: 8, taken: 0 });
  // Acknowledged before it is handed out.
  await streams.acknowledge('team', ids[5] ?? '');
  expect(await streams.backlog('team')).toMatchObject({ waiting: 7, taken: 0 });
  await streams.take('team', { limit: 2 });
  expect(await streams.backlog('team')).toMatchObject({ waiting: 5, taken: 2 });
  expect((await streams.read('team')).items.map(({ payload }) => payload)).toEqual([
    ...numbers(3, 5),
    ...numbers(7, 10),
  ]);
  await streams.close();
});

it('hands out what comes back before what is new, also behind what becomes a dead letter', async () => {
  const streams = await open({ maxAttempts: 2 });
  await streams.subscribe('team', 'ann');
  await streams.publish('ann', 'poison');
  const key = await keyOf('stream:ann');
  await streams.take('team');
  await endLeases(key, 'team');
  await streams.publish('ann', 'older');
  await streams.publish('ann', 'newer');
  await streams.take('team', { limit: 2 });
  await endLeases(key, 'team');
  expect(await streams.take('team', { limit: 1 })).toMatchObject([{ payload: 'older', attempt: 2 }]);
  await streams.close();
});

it('hands out what one source has, though another one fails', async () => {
  const streams = await open();
  await streams.subscribe('team', 'ann');
  await streams.subscribe('team', 'bob');
  await streams.publish('ann', 'hello');
  const broken = await keyOf('stream:bob');
  await fixture.client.del(broken);
  await fixture.client.set(broken, 'no stream');
  // Whichever comes first in its turn.
  expect(await streams.take('team')).toMatchObject([{ payload: 'hello' }]);
  await expect(streams.take('team')).rejects.toThrow('WRONGTYPE');
  await streams.close();
});

it('is not given back, nor held longer, by one who holds it no more', async () => {
  const streams = await open({ partitions: 1 });
  await streams.subscribe('team', 'ann');
  await streams.publish('ann', 'hello');
  const [first] = await streams.take('team', { leaseMs: 10 });
  await endLeases(await keyOf('stream:ann'), 'team');
  await streams.take('team', { leaseMs: 60_000 });
  const redis = new PartitionedRedis(fixture.client, new Keys(1, `streams-${count}`));
  const source = new SourceStreams(redis, streamSettings({}));
  const entry = (first?.id ?? '').split('/')[0] ?? '';
  expect(await source.giveBack('team', 'ann', [{ id: entry, attempt: 1 }])).toBe(0);
  expect(await source.renew('team', 'ann', [{ id: entry, attempt: 1 }], 10)).toBe(0);
  expect(await streams.take('team')).toEqual([]);
  expect(await source.giveBack('team', 'ann', [{ id: entry, attempt: 2 }])).toBe(1);
  expect(await streams.take('team')).toMatchObject([{ payload: 'hello', attempt: 2 }]);
  await streams.close();
});

it('leaves no group behind where a subscription is begun and ended at the same time', async () => {
  const streams = await open({ partitions: 8 });
  const other = connectRedis(fixture.url);
  const rival = await openStreams<string>({ client: other, prefix: `streams-${count}` });
  for (let i = 0; i < 300; i++) {
    const source = `source-${i}`;
    await Promise.all([streams.subscribe('team', source), rival.unsubscribe('team', source)]);
    const listed = (await fixture.client.hkeys(await keyOf('subscriptions:team'))).includes(source);
    const key = await keyOf(`stream:${source}`);
    const groups = key === '' ? [] : ((await fixture.client.xinfo('GROUPS', key)) as unknown[]);
    // A group that is missing is made again when it is wanted; one too many would stay for ever.
    expect(listed ? [] : groups).toEqual([]);
  }
  await rival.close();
  other.disconnect();
  await streams.close();
});
