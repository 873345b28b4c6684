import { type RedisServer, startRedis } from 'embedded-redis';
import { Redis } from 'ioredis';

import {
  InvalidOptionError,
  type PubSubOptions,
  type PubSubStrategy,
  StorageUnavailableError,
  UnsuitableRedisError,
  UnsupportedOperationError,
} from '../../src/index.js';
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

describe('patterns of Pub/Sub', () => {
  it('hand over what matches, once for each subscription', async () => {
    const pubSub = await open();
    await pubSub.subscribe('ann', 'sport.tennis');
    await pubSub.subscribePattern('ann', 'sport.*');
    await pubSub.subscribePattern('bob', 'sport.[a-c]?');
    const [ann, bob] = [await listen(pubSub, 'ann'), await listen(pubSub, 'bob')];
    expect(await pubSub.publish('sport.tennis', 1)).toMatchObject({ receivers: 2 });
    expect(await pubSub.publish('sport.ab', 2)).toMatchObject({ receivers: 2 });
    expect(await pubSub.publish('sports', 3)).toMatchObject({ receivers: 0 });
    await until(() => ann.received.length === 3 && bob.received.length === 1, 'both have heard');
    expect(payloads(ann)).toEqual([1, 1, 2]);
    expect(ann.received.map(({ source }) => source)).toEqual(['sport.tennis', 'sport.tennis', 'sport.ab']);
    expect(bob.received).toMatchObject([{ source: 'sport.ab', payload: 2 }]);
    await pubSub.unsubscribePattern('ann', 'sport.*');
    await until(async () => (await pubSub.publish('sport.x', 4)).receivers === 0, 'the pattern is left');
    await pubSub.publish('sport.tennis', 5);
    await until(() => payloads(ann).at(-1) === 5, 'the last is heard');
    expect(payloads(ann).filter((payload) => payload === 5)).toHaveLength(1);
  });

  it('are those of one prefix', async () => {
    const [one, other] = [await open({ prefix: 'one' }), await open({ prefix: 'other' })];
    for (const pubSub of [one, other]) await pubSub.subscribePattern('ann', '*');
    const [ofOne, ofOther] = [await listen(one, 'ann'), await listen(other, 'ann')];
    for (const pubSub of [one, other]) await pubSub.publish('news', pubSub === one);
    await until(() => ofOne.received.length > 0 && ofOther.received.length > 0, 'both have heard');
    expect([payloads(ofOne), payloads(ofOther)]).toEqual([[true], [false]]);
    expect([ofOne.errors, ofOther.errors]).toEqual([[], []]);
  });

  it('come back after a loss', async () => {
    const pubSub = await open();
    await pubSub.subscribePattern('ann', '*');
    const ann = await listen(pubSub, 'ann');
    await client.client('KILL', 'TYPE', 'PUBSUB');
    await until(() => ann.gaps.length > 0, 'the gap is told');
    expect(await pubSub.publish('news', 'again')).toMatchObject({ receivers: 1 });
    await until(() => ann.received.length > 0, 'it is heard');
  });

  it('are refused where channels are sharded, and where they are none', async () => {
    const sharded = await open({ sharded: true });
    await expect(sharded.subscribePattern('ann', '*')).rejects.toThrow(UnsupportedOperationError);
    await expect(sharded.unsubscribePattern('ann', '*')).rejects.toThrow(UnsupportedOperationError);
    const pubSub = await open();
    for (const pattern of ['', 'a b', 'ä', '*'.repeat(129)]) {
      await expect(pubSub.subscribePattern('ann', pattern)).rejects.toThrow(InvalidOptionError);
    }
  });
});

describe('Pub/Sub is not opened', () => {
  it.each([
    ['prefix', { prefix: 'a b' }],
    ['prefix', { prefix: '' }],
    ['maxPayloadBytes', { maxPayloadBytes: 0 }],
  ])('with a bad %s', async (option, options) => {
    await expect(open(options)).rejects.toMatchObject({ constructor: InvalidOptionError, option });
  });

  it('over a client that prefixes keys', async () => {
    const prefixing = new Redis(redis.url, { keyPrefix: 'mine:' });
    onCleanUp(() => {
      prefixing.disconnect();
    });
    await expect(openPubSub({ client: prefixing })).rejects.toMatchObject({ option: 'client.keyPrefix' });
  });

  it('where Redis is too old, or away', async () => {
    const info = jest.spyOn(client, 'info').mockResolvedValue('redis_version:6.2.14\r\n');
    await expect(openPubSub({ client })).rejects.toThrow(UnsuitableRedisError);
    info.mockRestore();
    await redis.stop();
    await expect(openPubSub({ client })).rejects.toThrow(StorageUnavailableError);
  });
});
