import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startRedis } from 'embedded-redis';

import { connectRedis, Fanout } from '../../src/index.js';
import { Fixture, wholeTimeline } from '../support/fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.standalone();
});
afterAll(async () => {
  await fixture.stop();
});

const errors: unknown[] = [];
const telling = { onError: (error: unknown): void => void errors.push(error) };
beforeEach(() => (errors.length = 0));

async function everythingDelivered(fanout: Fanout): Promise<void> {
  for (const outbox of fanout.outboxes) {
    while ((await fixture.client.xlen(outbox)) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function publish(fanout: Fanout, author: string, posts: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < posts; i++) ids.push((await fanout.posts.publish({ author, text: `${i}` })).post.id);
  return ids.reverse();
}

/** The outbox with the events of an author. */
async function outboxOf(fanout: Fanout): Promise<string> {
  for (const outbox of fanout.outboxes) if ((await fixture.client.xlen(outbox)) > 0) return outbox;
  throw new Error('every outbox is empty');
}

it('delivers what was published before it began and after, and leaves the outboxes empty', async () => {
  const fanout = await fixture.open();
  await fanout.follows.follow('bob', 'ann');
  await fanout.timelines.page('bob');
  const before = await publish(fanout, 'ann', 3);
  const workers = [fanout.startDelivering(telling), fanout.startDelivering(telling)];
  const after = await publish(fanout, 'ann', 300);
  await everythingDelivered(fanout);

  expect(await wholeTimeline(fanout, 'bob', 100)).toEqual([...after, ...before]);
  expect(await fanout.posts.delivery(after[0] ?? '')).toMatchObject({ state: 'delivered', pushed: 1 });
  await Promise.all(workers.map(async (worker) => worker.stop()));
  expect(errors).toEqual([]);
});

it('delivers what a worker that died had taken', async () => {
  const fanout = await fixture.open();
  await fanout.follows.follow('bob', 'ann');
  await fanout.timelines.page('bob');
  const ids = await publish(fanout, 'ann', 5);
  const outbox = await outboxOf(fanout);
  await fixture.client.xgroup('CREATE', outbox, fanout.consumerGroup, '0');
  await fixture.client.xreadgroup('GROUP', fanout.consumerGroup, 'died', 'COUNT', 3, 'STREAMS', outbox, '>');
  const taken = (await fixture.client.xpending(outbox, fanout.consumerGroup, '-', '+', 10)) as [string][];
  // Its lease is over: it is idle for a day by Redis' reckoning.
  for (const [id] of taken) {
    const idle = ['IDLE', 86_400_000, 'JUSTID'];
    await fixture.client.call('XCLAIM', outbox, fanout.consumerGroup, 'died', 0, id, ...idle);
  }
  const worker = fanout.startDelivering(telling);
  await everythingDelivered(fanout);
  expect(await wholeTimeline(fanout, 'bob', 100)).toEqual(ids);
  await worker.stop();
  expect(errors).toEqual([]);
});

it('goes on past what is no event, and puts it aside in the end', async () => {
  const fanout = await fixture.open({ partitions: 1 });
  await fanout.follows.follow('bob', 'ann');
  await fanout.timelines.page('bob');
  const [outbox = ''] = fanout.outboxes;
  const junk = (await fixture.client.xadd(outbox, '*', 'pattern', 'post', 'data', 'no JSON')) ?? '';
  const worker = fanout.startDelivering(telling);
  const ids = await publish(fanout, 'ann', 5);
  while ((await wholeTimeline(fanout, 'bob', 100)).length < 5) await new Promise(setImmediate);
  expect(await wholeTimeline(fanout, 'bob', 100)).toEqual(ids);

  const group = fanout.consumerGroup;
  const [[, , , attempts] = []] = (await fixture.client.xpending(outbox, group, '-', '+', 1)) as number[][];
  expect(attempts).toBe(1);
  const claim = ['XCLAIM', outbox, group, 'redis-fanout', 0, junk, 'IDLE', 86_400_000] as const;
  await fixture.client.call(...claim, 'RETRYCOUNT', 20, 'JUSTID');
  await publish(fanout, 'ann', 1);
  await everythingDelivered(fanout);
  const [undeliverable = ''] = await fixture.allKeys('*:undeliverable');
  expect(await fixture.client.xrange(undeliverable, '-', '+')).toMatchObject([
    [expect.any(String), ['id', junk, 'attempts', '20', 'pattern', 'post', 'data', 'no JSON']],
  ]);
  await worker.stop();
});

it('tells of a Redis that is away once, and goes on when it is back', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'delivery-worker-'));
  const settings = { appendonly: 'yes' };
  let server = await startRedis({ dir: dataDir, settings });
  const client = connectRedis(server.url, { maxRetriesPerRequest: 1 });
  client.on('error', () => undefined);
  const fanout = await Fanout.open({ client, partitions: 1 });
  await fanout.follows.follow('bob', 'ann');
  await fanout.timelines.page('bob');
  const worker = fanout.startDelivering(telling);
  await publish(fanout, 'ann', 1);
  while ((await wholeTimeline(fanout, 'bob', 100)).length < 1) await new Promise(setImmediate);

  await server.stop();
  while (errors.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  server = await startRedis({ dir: dataDir, settings, port: server.port });
  await until(async () => client.ping());
  await publish(fanout, 'ann', 2);
  while ((await wholeTimeline(fanout, 'bob', 100)).length < 3) await new Promise(setImmediate);
  expect(errors).toHaveLength(1);
  await worker.stop();
  client.disconnect();
  await server.stop();
  rmSync(dataDir, { recursive: true });
});

it('does not wait for ever to stop while nothing can be delivered', async () => {
  const full = await Fixture.standalone({ maxmemory: '100mb' });
  const fanout = await full.open({ partitions: 1 });
  await publish(fanout, 'ann', 3);
  const [outbox = ''] = fanout.outboxes;
  await full.client.xgroup('CREATE', outbox, fanout.consumerGroup, '0');
  await full.client.config('SET', 'maxmemory', '1mb');
  const worker = fanout.startDelivering(telling);
  const held = async (): Promise<number> => {
    const [count] = await full.client.xpending(outbox, fanout.consumerGroup);
    return Number(count);
  };
  // It begins with one event, and takes the others while that is under way.
  await until(async () => {
    expect(await held()).toBeGreaterThanOrEqual(1);
  });
  await worker.stop();
  // They are delivered by the next one.
  expect(await held()).toBeGreaterThanOrEqual(1);
  expect(await full.client.xlen(outbox)).toBe(3);
  await full.stop();
});

/** Tries something until it succeeds. */
async function until<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
