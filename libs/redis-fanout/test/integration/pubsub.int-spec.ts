import { type RedisServer, startRedis } from 'embedded-redis';
import type { Redis } from 'ioredis';

import {
  ClosedError,
  type Gap,
  InvalidPayloadError,
  type PubSubOptions,
  type PubSubStrategy,
  StorageUnavailableError,
} from '../../src/index.js';
import { MAX_QUEUED } from '../../src/strategies/live-listener.js';
import { openPubSub } from '../../src/strategies/pubsub/pubsub.js';
import { cleanUp, clientOf, onCleanUp, until } from '../support/faults.js';
import { listen, payloads } from '../support/pubsub-listener.js';

let redis: RedisServer;
let client: Redis;
beforeEach(async () => {
  redis = await startRedis();
  onCleanUp(async () => redis.stop());
  client = clientOf(redis.url) as Redis;
});
afterEach(cleanUp);

/** Another process. */
async function open(options: Omit<PubSubOptions, 'client'> = {}): Promise<PubSubStrategy<unknown>> {
  const pubSub = await openPubSub<unknown>({ client: clientOf(redis.url), ...options });
  onCleanUp(async () => pubSub.close());
  return pubSub;
}

describe.each([false, true])('Pub/Sub (sharded: %s)', (sharded) => {
  it('publishes to who listens, in whatever process, and counts the connections', async () => {
    const [one, other, third] = [await open({ sharded }), await open({ sharded }), await open({ sharded })];
    await one.subscribe('ann', 'news');
    await one.subscribe('bob', 'news');
    await other.subscribe('cid', 'news');
    await third.subscribe('dan', 'news');
    expect(await one.publish('news', 'nobody')).toMatchObject({ repeated: false, receivers: 0 });
    const listeners = [await listen(one, 'ann'), await listen(one, 'bob'), await listen(other, 'cid')];
    const before = Date.now();
    const { id, receivers } = await third.publish('news', { text: ['größer'] });
    expect(receivers).toBe(2);
    for (const listener of listeners) {
      await until(() => listener.received.length > 0, 'it is heard');
      const [message] = listener.received;
      expect(message).toMatchObject({ id, source: 'news', payload: { text: ['größer'] }, attempt: 1 });
      expect(message!.publishedAtMs).toBeGreaterThanOrEqual(before);
      expect(message!.publishedAtMs).toBeLessThanOrEqual(Date.now());
    }
  });

  it('tells Redis of a recipient only while they listen', async () => {
    const pubSub = await open({ sharded });
    const receivers = async (source: string): Promise<number | null> =>
      (await pubSub.publish(source, 0)).receivers;
    await pubSub.subscribe('ann', 'a');
    await pubSub.subscribe('bob', 'a');
    expect(await client.client('LIST')).not.toContain('redis-fanout:');
    const ann = await listen(pubSub, 'ann');
    const again = await listen(pubSub, 'ann');
    const bob = await listen(pubSub, 'bob');
    expect(await receivers('a')).toBe(1);
    await pubSub.subscribe('ann', 'b');
    expect(await receivers('b')).toBe(1);
    await pubSub.unsubscribe('ann', 'b');
    await until(async () => (await receivers('b')) === 0, 'b is left');
    await ann.close();
    await bob.close();
    expect(await receivers('a')).toBe(1);
    await again.close();
    await until(async () => (await receivers('a')) === 0, 'a is left');
    const later = await listen(pubSub, 'ann');
    expect(await receivers('a')).toBe(1);
    await until(() => later.received.length === 1, 'it is heard');
  });

  it('gives each listener a payload of its own', async () => {
    const pubSub = await open({ sharded });
    for (const recipient of ['ann', 'bob']) await pubSub.subscribe(recipient, 'news');
    const seen: unknown[] = [];
    for (const recipient of ['ann', 'ann', 'bob']) {
      await pubSub.listen(recipient, ({ payload }) => {
        const list = payload as number[];
        seen.push([...list]);
        list.push(2);
      });
    }
    await pubSub.publish('news', [1]);
    await until(() => seen.length === 3, 'all have heard');
    expect(seen).toEqual([[1], [1], [1]]);
  });

  it('tells of what somebody else has published on a channel, and goes on', async () => {
    const pubSub = await open({ sharded });
    await pubSub.subscribe('ann', 'news');
    const listener = await listen(pubSub, 'ann');
    const [channel = ''] = (await client.call(
      'PUBSUB',
      sharded ? 'SHARDCHANNELS' : 'CHANNELS',
      '*:news',
    )) as string[];
    expect(channel).toMatch(sharded ? /^fanout:\{\d+\}:channel:news$/ : /^fanout:channel:news$/);
    const garbage = ['', 'x', '{"a":1}', `${'0'.repeat(36)} 1 {`, `${'0'.repeat(36)} x {}`];
    for (const text of garbage) await client[sharded ? 'spublish' : 'publish'](channel, text);
    await pubSub.publish('news', 'fine');
    await until(() => listener.received.length > 0, 'the message is heard');
    expect(payloads(listener)).toEqual(['fine']);
    expect(listener.errors).toEqual(garbage.map(() => expect.any(InvalidPayloadError) as unknown));
  });

  it('tells of a gap, once for each loss, when connections are killed', async () => {
    const pubSub = await open({ sharded });
    for (const source of ['a', 'b', 'c']) await pubSub.subscribe('ann', source);
    await pubSub.subscribe('bob', 'a');
    const [ann, bob] = [await listen(pubSub, 'ann'), await listen(pubSub, 'bob')];
    for (const round of [1, 2, 3]) {
      await client.client('KILL', 'TYPE', 'PUBSUB');
      await until(() => ann.gaps.length === round && bob.gaps.length === round, 'both are told');
      expect((await pubSub.publish('b', round)).receivers).toBe(1);
      expect((await pubSub.publish('a', round)).receivers).toBe(1);
      await until(
        () => ann.received.length === 2 * round && bob.received.length === round,
        'both have heard',
      );
    }
    expect(payloads(ann)).toEqual([1, 1, 2, 2, 3, 3]);
    expect([ann.gaps.length, bob.gaps.length]).toEqual([3, 3]);
    expect([ann.errors, bob.errors]).toEqual([[], []]);
  });

  it('tells everyone of a gap, though some throw when they are told', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    onCleanUp(() => {
      warn.mockRestore();
    });
    const pubSub = await open({ sharded });
    for (const recipient of ['ann', 'bob']) await pubSub.subscribe(recipient, 'a');
    const fail = (): never => {
      throw new Error('told');
    };
    await pubSub.listen('ann', () => undefined, { onGap: fail, onError: fail });
    const bob = await listen(pubSub, 'bob');
    for (const round of [1, 2]) {
      await client.client('KILL', 'TYPE', 'PUBSUB');
      await until(() => bob.gaps.length === round && warn.mock.calls.length === round, 'both are told');
    }
    expect(warn).toHaveBeenLastCalledWith('told', expect.anything());
  });

  it('goes on by itself when Redis starts again, and refuses meanwhile', async () => {
    const pubSub = await open({ sharded });
    await pubSub.subscribe('ann', 'a');
    const ann = await listen(pubSub, 'ann');
    await redis.stop();
    await until(() => ann.errors.length > 0, 'it is told');
    await pubSub.subscribe('bob', 'a');
    const refusedHandler = jest.fn();
    for (const refused of [
      async () => pubSub.subscribe('ann', 'b'),
      async () => pubSub.listen('bob', refusedHandler),
      async () => pubSub.publish('a', 'lost'),
    ]) {
      await expect(refused()).rejects.toThrow(StorageUnavailableError);
    }
    redis = await startRedis({ port: redis.port });
    const started = redis;
    onCleanUp(async () => started.stop());
    await until(() => ann.gaps.length > 0, 'the gap is told');
    expect(await pubSub.publish('a', 'again')).toMatchObject({ receivers: 1 });
    // What was refused has left nothing.
    const again = await listen(pubSub, 'ann');
    expect(await pubSub.publish('b', 'nobody')).toMatchObject({ receivers: 0 });
    await until(() => ann.received.length > 0, 'it is heard');
    expect([payloads(ann), payloads(again)]).toEqual([['again'], []]);
    expect(ann.errors).toEqual([expect.any(StorageUnavailableError)]);
    expect(ann.gaps).toHaveLength(1);
    const bob = await listen(pubSub, 'bob');
    await pubSub.subscribe('bob', 'b');
    for (const source of ['a', 'b']) {
      expect(await pubSub.publish(source, 'to both')).toMatchObject({ receivers: 1 });
    }
    await until(() => bob.received.length === 2, 'both are heard');
    expect(refusedHandler).not.toHaveBeenCalled();
    await pubSub.subscribe('ann', 'b');
    await pubSub.publish('b', 'at last');
    await until(() => payloads(ann).at(-1) === 'at last', 'it is heard');
  });

  it('drops what a slow handler has no room for, and tells of it', async () => {
    const pubSub = await open({ sharded });
    await pubSub.subscribe('ann', 'news');
    await pubSub.subscribe('bob', 'news');
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const received: unknown[] = [];
    const gaps: Gap[] = [];
    await pubSub.listen(
      'ann',
      async ({ payload }) => {
        await gate;
        received.push(payload);
      },
      { onGap: (gap) => gaps.push(gap) },
    );
    const bob = await listen(pubSub, 'bob');
    const count = MAX_QUEUED + 10;
    await Promise.all(Array.from({ length: count }, async (_, n) => pubSub.publish('news', n)));
    await until(() => bob.received.length === count, 'the quick one has all');
    release();
    await until(() => gaps.length > 0, 'the gap is told');
    // One is with the handler.
    expect(received).toEqual(Array.from({ length: MAX_QUEUED + 1 }, (_, n) => n));
    expect(gaps).toMatchObject([{ reason: 'the handler was too slow' }]);
    expect(bob.gaps).toEqual([]);
    await pubSub.publish('news', 'after');
    await until(() => received.at(-1) === 'after', 'the next is handed over');
  });

  it('leaves nothing in Redis when it is closed, and ends what is under way', async () => {
    const pubSub = await open({ sharded });
    await pubSub.subscribe('ann', 'a');
    const ann = await listen(pubSub, 'ann');
    await pubSub.subscribe('bob', 'b');
    const pending = [
      pubSub.subscribe('ann', 'b'),
      pubSub.listen('bob', () => undefined),
      pubSub.listen('nobody', () => undefined),
    ];
    const closed = pubSub.close();
    const results = await Promise.allSettled(pending);
    await closed;
    expect(results).toEqual(
      results.map(() => ({ status: 'rejected', reason: expect.any(ClosedError) as unknown })),
    );
    await until(async () => !String(await client.client('LIST')).includes('redis-fanout:'), 'it is gone');
    await client.publish('fanout:channel:a', 'late');
    expect([ann.received, ann.gaps, ann.errors]).toEqual([[], [], []]);
    expect(await client.keys('*')).toEqual([]);
  });
});
