import { type RedisServer, startRedis } from 'embedded-redis';
import { Redis } from 'ioredis';

import { ClosedError, StorageUnavailableError } from '../../src/index.js';
import { Channels } from '../../src/redis/channels.js';
import { channelsOf, connectionsOf, Ear } from '../support/ear.js';
import { cleanUp, clientOf, onCleanUp, relayTo, until } from '../support/faults.js';

let redis: RedisServer;
let client: Redis;
beforeEach(async () => {
  redis = await startRedis();
  onCleanUp(async () => redis.stop());
  client = clientOf(redis.url) as Redis;
});
afterEach(cleanUp);

describe('when Redis falls silent, Channels', () => {
  it('notice a stopped process, and recover when it goes on', async () => {
    const relay = await relayTo(redis.port);
    const channels = channelsOf(clientOf(relay.url));
    const ear = new Ear();
    await channels.subscribe('classic', 'x', ear);
    await channels.subscribe('sharded', '{a}:x', ear);
    const [gone, back] = [new Ear(), new Ear()];
    const end = await channels.subscribe('classic', 'y', gone);
    const endOfBack = await channels.subscribe('classic', 'z', back);
    const stoppedMs = Date.now();
    redis.signal('SIGSTOP');
    onCleanUp(() => {
      redis.signal('SIGCONT');
    });
    await until(() => ear.errors.length > 0, 'it is told that Redis is away');
    const accepted = relay.accepted();
    await until(() => relay.accepted() > accepted, 'it is being subscribed to again');
    end();
    endOfBack();
    const again = channels.subscribe('classic', 'z', back);
    redis.signal('SIGCONT');
    await until(() => ear.gaps.length > 0, 'the gap is told');
    expect(ear.gaps).toHaveLength(1);
    expect(ear.gaps[0]?.sinceMs).toBeLessThanOrEqual(stoppedMs);
    expect(ear.gaps[0]?.reason).toMatch(/^no probe was heard on /);
    expect(ear.errors).toEqual([expect.any(StorageUnavailableError)]);
    await until(async () => (await client.publish('y', 'nobody')) === 0, 'what has ended is left');
    await again;
    expect(await client.publish('z', 'again')).toBe(1);
    await until(() => back.heard.length > 0, 'who came back hears');
    expect([gone.gaps, back.gaps]).toEqual([[], []]);
    await client.publish('x', 'again');
    await client.spublish('{a}:x', 'again');
    await until(() => ear.heard.includes('{a}:x again'), 'messages are heard again');
    expect(ear.heard.filter((line) => line === 'x again')).toHaveLength(1);
  });

  it('outlast a pause of the server', async () => {
    const channels = channelsOf(client);
    const ear = new Ear();
    await channels.subscribe('classic', 'x', ear);
    await client.client('PAUSE', 1500, 'ALL');
    await until(() => ear.gaps.length > 0, 'the gap is told');
    await client.publish('x', 'again');
    await until(() => ear.heard.length > 0, 'messages are heard again');
    expect(ear.gaps).toHaveLength(1);
  });

  it('notice a dead peer though the connection looks alive', async () => {
    const relay = await relayTo(redis.port);
    const relayed = clientOf(relay.url);
    const channels = channelsOf(relayed);
    const ear = new Ear();
    await channels.subscribe('classic', 'x', ear);
    relay.fallSilent();
    const missedMs = Date.now();
    await client.publish('x', 'missed');
    relayed.disconnect(true);
    await until(() => ear.gaps.length > 0, 'the gap is told');
    await client.publish('x', 'again');
    await until(() => ear.heard.length > 0, 'messages are heard again');
    expect(ear.heard).toEqual(['x again']);
    expect(ear.gaps).toHaveLength(1);
    expect(ear.gaps[0]?.sinceMs).toBeLessThanOrEqual(missedMs);
  });
});

describe('when Redis is away, Channels', () => {
  it('recover when it starts again, with what was subscribed and ended meanwhile', async () => {
    const channels = channelsOf(client);
    const [ann, bob, cid] = [new Ear(), new Ear(), new Ear()];
    await channels.subscribe('classic', 'a', ann);
    const end = await channels.subscribe('classic', 'b', bob);
    await redis.stop();
    await until(() => ann.errors.length > 0, 'it is told that Redis is away');
    await expect(channels.subscribe('classic', 'c', cid)).rejects.toThrow(StorageUnavailableError);
    end();
    redis = await startRedis({ port: redis.port });
    const onServer = redis;
    onCleanUp(async () => onServer.stop());
    await until(
      async () =>
        channels.subscribe('classic', 'c', cid).then(
          () => true,
          () => false,
        ),
      'one can subscribe',
    );
    await until(() => ann.gaps.length > 0, 'the gap is told');
    expect(await client.publish('b', 'nobody')).toBe(0);
    for (const channel of ['a', 'c']) expect(await client.publish(channel, 'again')).toBe(1);
    await until(() => ann.heard.length + cid.heard.length === 2, 'messages are heard again');
    expect([ann.gaps.length, bob.gaps.length, cid.gaps.length]).toEqual([1, 0, 0]);
    expect([ann.errors.length, cid.errors.length]).toEqual([1, 0]);
  });

  it.each(['refuses', 'swallows', 'swallows all'])(
    'refuse a subscription within seconds where it %s connections',
    async (how) => {
      const relay = await relayTo(redis.port);
      const relayed = clientOf(relay.url);
      await relayed.ping();
      relay.swallowNew(true);
      if (how === 'swallows all') relay.fallSilent();
      if (how === 'refuses') await redis.stop();
      const channels = channelsOf(relayed);
      const started = performance.now();
      await expect(channels.subscribe('classic', 'x', new Ear())).rejects.toThrow(StorageUnavailableError);
      expect(performance.now() - started).toBeLessThan(3000);
    },
  );

  it('refuse a subscription where their client cannot publish', async () => {
    const dead = clientOf(redis.url);
    dead.disconnect();
    const channels = channelsOf(dead);
    await expect(channels.subscribe('sharded', '{a}', new Ear())).rejects.toThrow(StorageUnavailableError);
  });
});

describe('where one slot cannot be published to, Channels', () => {
  it('refuse its channels until it can, and leave the others alone', async () => {
    const own = clientOf(redis.url) as Redis;
    const channels = channelsOf(own);
    const [ear, other] = [new Ear(), new Ear()];
    await channels.subscribe('sharded', '{a}', ear);
    const publish = own.spublish.bind(own);
    const spy = jest.spyOn(own, 'spublish').mockImplementation(async (channel, message) => {
      if (String(channel).startsWith('{b}')) throw new Error('CLUSTERDOWN');
      return publish(channel, message);
    });
    await expect(channels.subscribe('sharded', '{b}', other)).rejects.toThrow(StorageUnavailableError);
    spy.mockRestore();
    await channels.subscribe('sharded', '{b}', other);
    for (const channel of ['{a}', '{b}']) await client.spublish(channel, 'after');
    await until(() => ear.heard.length + other.heard.length === 2, 'both are heard');
    expect([ear.gaps, other.gaps]).toEqual([[], []]);
    expect(await connectionsOf(client)).toHaveLength(1);
  });
});

describe('Channels that are closed', () => {
  const handles = (): number =>
    process.getActiveResourcesInfo().filter((kind) => ['Timeout', 'TCPSocketWrap'].includes(kind)).length;

  it.each([
    ['subscribed', async (channels: Channels) => channels.subscribe('classic', 'x', new Ear())],
    ['connecting', async () => Promise.resolve()],
    [
      'recovering',
      async (channels: Channels) => {
        const ear = new Ear();
        await channels.subscribe('classic', 'x', ear);
        await redis.stop();
        await until(() => ear.errors.length > 0, 'it is told that Redis is away');
      },
    ],
  ] as const)('leave nothing behind when they are %s', async (_, bring) => {
    client.disconnect();
    const own = new Redis(redis.url, { retryStrategy: null });
    own.on('error', () => undefined);
    await own.ping();
    const before = handles();
    const channels = new Channels(own, { probeIntervalMs: 10_000, probeTimeoutMs: 20_000 });
    await bring(channels);
    const ear = new Ear();
    const pending = channels.subscribe('sharded', '{p}', ear).then(
      () => 'subscribed',
      (error: unknown) => error,
    );
    channels.close();
    channels.close();
    expect(await pending).toBeInstanceOf(ClosedError);
    await expect(channels.subscribe('classic', 'y', ear)).rejects.toThrow(ClosedError);
    await until(() => handles() <= before, 'no timers and sockets are left', 5000);
    expect(ear.gaps).toEqual([]);
    if (own.status !== 'end') own.disconnect();
  });

  it('leave no connection, and tell nobody of a gap', async () => {
    const channels = channelsOf(client);
    const ear = new Ear();
    await channels.subscribe('classic', 'x', ear);
    expect(await connectionsOf(client)).toHaveLength(1);
    channels.close();
    await until(async () => (await connectionsOf(client)).length === 0, 'the connection is closed');
    expect(await client.publish('x', 'late')).toBe(0);
    expect(ear).toMatchObject({ heard: [], gaps: [], errors: [] });
  });
});
