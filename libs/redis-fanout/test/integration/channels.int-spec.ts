import { type RedisServer, startRedis } from 'embedded-redis';
import { Redis } from 'ioredis';

import { ClosedError, StorageUnavailableError } from '../../src/index.js';
import { Channels } from '../../src/redis/channels.js';
import { callsOf, channelsOf, Ear } from '../support/ear.js';
import { cleanUp, clientOf, onCleanUp, relayTo, until } from '../support/faults.js';

let redis: RedisServer;
let client: Redis;
beforeEach(async () => {
  redis = await startRedis();
  onCleanUp(async () => redis.stop());
  client = clientOf(redis.url) as Redis;
});
afterEach(cleanUp);

/** Names of the connections that Channels have opened. */
async function connections(): Promise<string[]> {
  const list = String(await client.client('LIST'));
  return list.match(/(?<= name=)redis-fanout:\S+/g) ?? [];
}

async function killSubscribers(): Promise<void> {
  await client.client('KILL', 'TYPE', 'PUBSUB');
}

describe('Channels', () => {
  it('hear classic channels, sharded ones and patterns, each for itself', async () => {
    const channels = channelsOf(client);
    const [classic, sharded, pattern] = [new Ear(), new Ear(), new Ear()];
    await channels.subscribe('classic', '{a}:x', classic);
    await channels.subscribe('sharded', '{a}:x', sharded);
    await channels.subscribe('pattern', '{a}:*', pattern);
    expect(await client.publish('{a}:x', 'published')).toBe(2);
    expect(await client.spublish('{a}:x', 'spublished')).toBe(1);
    await client.publish('{a}:y', 'other');
    await until(() => sharded.heard.length > 0 && pattern.heard.length > 1, 'all have heard');
    expect(classic.heard).toEqual(['{a}:x published']);
    expect(sharded.heard).toEqual(['{a}:x spublished']);
    expect(pattern.heard).toEqual(['{a}:x published', '{a}:y other']);
    expect(await connections()).toHaveLength(1);
  });

  it('share a channel among listeners, until the last one ends', async () => {
    const channels = channelsOf(client);
    const [ann, bob] = [new Ear(), new Ear()];
    const [endAnn, endBob, endAgain] = await Promise.all([
      channels.subscribe('classic', 'x', ann),
      channels.subscribe('classic', 'x', bob),
      channels.subscribe('classic', 'x', bob),
    ]);
    expect(await client.publish('x', '1')).toBe(1);
    await until(() => bob.heard.length > 0, 'the first is heard');
    endAnn();
    endAnn();
    expect(await client.publish('x', '2')).toBe(1);
    await until(() => bob.heard.length > 1, 'the second is heard');
    endBob();
    expect(await client.publish('x', '3')).toBe(1);
    await until(() => bob.heard.length > 2, 'the third is heard');
    endAgain();
    await until(async () => (await client.publish('x', 'nobody')) === 0, 'it is unsubscribed');
    await channels.subscribe('classic', 'x', ann);
    await client.publish('x', '4');
    await until(() => ann.heard.length > 1, 'the fourth is heard');
    expect(ann.heard).toEqual(['x 1', 'x 4']);
    expect(bob.heard.filter((line) => /\d/.test(line))).toEqual(['x 1', 'x 2', 'x 3']);
  });

  it('let nobody hear what is older than their subscription', async () => {
    const channels = channelsOf(client);
    await channels.subscribe('classic', 'x', new Ear());
    for (let round = 0; round < 200; round++) {
      const ear = new Ear();
      await client.publish('x', 'before');
      const end = await channels.subscribe('classic', 'x', ear);
      await client.publish('x', 'after');
      await until(() => ear.heard.length > 0, 'it is heard');
      expect(ear.heard).toEqual(['x after']);
      end();
    }
  });

  it('end up as they were told last, however quickly that changes', async () => {
    const channels = channelsOf(client);
    const ear = new Ear();
    await channels.subscribe('classic', 'first', new Ear());
    for (let round = 0; round < 20; round++) {
      const end = await channels.subscribe('classic', 'x', ear);
      end();
      const again = channels.subscribe('classic', 'x', ear);
      if (round % 2 === 0) (await again)();
      else for (const stop of await Promise.all([again, channels.subscribe('classic', 'x', ear)])) stop();
    }
    await until(async () => (await client.publish('x', 'late')) === 0, 'it is unsubscribed');
    await channels.subscribe('classic', 'x', ear);
    expect(await client.publish('x', 'last')).toBe(1);
    await until(() => ear.heard.at(-1) === 'x last', 'the last is heard');
  });

  it('tell of no gap while nothing happens, however short the interval', async () => {
    const channels = channelsOf(client, 20);
    const ear = new Ear();
    await channels.subscribe('classic', 'x', ear);
    await channels.subscribe('sharded', '{b}:x', ear);
    await until(async () => (await callsOf(client, 'publish')) > 50, 'many probes have come');
    expect(await callsOf(client, 'spublish')).toBeGreaterThan(30);
    expect(ear.gaps).toEqual([]);
    expect(ear.heard).toEqual([]);
  });
});

describe('when connections are killed, Channels', () => {
  it('miss nothing but what a gap tells of, and hear nothing twice', async () => {
    const channels = channelsOf(client);
    const ear = new Ear();
    for (const channel of ['a', 'b']) await channels.subscribe('classic', channel, ear);
    await channels.subscribe('sharded', '{c}', ear);
    const published: { line: string; atMs: number }[] = [];
    const end = new AbortController();
    const publishing = (async () => {
      for (let n = 0; !end.signal.aborted; n++) {
        const [channel = ''] = ['a', 'b', '{c}'].slice(n % 3);
        published.push({ line: `${channel} ${n}`, atMs: Date.now() });
        await client[channel === '{c}' ? 'spublish' : 'publish'](channel, String(n));
      }
    })();
    for (let kills = 1; kills <= 5; kills++) {
      await killSubscribers();
      await until(() => ear.gaps.length === kills, 'the gap is told');
      const { length } = ear.heard;
      await until(() => ear.heard.length > length + 30, 'messages are heard again');
    }
    end.abort();
    await publishing;
    await client.publish('a', 'end');
    await until(() => ear.heard.at(-1) === 'a end', 'the last one is heard');

    expect(ear.gaps).toHaveLength(5);
    const heard = new Set(ear.heard);
    expect(heard.size).toBe(ear.heard.length);
    const missed = published.filter(({ line }) => !heard.has(line));
    expect(missed.length).toBeGreaterThan(0);
    for (const { atMs } of missed) {
      expect(ear.gaps.some(({ sinceMs, untilMs }) => sinceMs <= atMs && atMs <= untilMs)).toBe(true);
    }
    const order = ear.heard.slice(0, -1).map((line) => Number(line.split(' ')[1]));
    expect(order).toEqual(order.toSorted((x, y) => x - y));
    expect(ear.gaps[0]?.reason).toBe('the connection was closed');
    expect(ear.errors).toEqual([]);
  });

  it('tell each listener once, and those that are gone not at all', async () => {
    const channels = channelsOf(client);
    const [ann, bob, gone] = [new Ear(), new Ear(), new Ear()];
    for (const channel of ['1', '2', '3']) await channels.subscribe('classic', channel, ann);
    await channels.subscribe('pattern', '?', bob);
    const end = await channels.subscribe('classic', '4', gone);
    end();
    await killSubscribers();
    await until(() => ann.gaps.length > 0 && bob.gaps.length > 0, 'both are told');
    expect(await client.publish('3', 'again')).toBe(2);
    await until(() => ann.heard.length > 0 && bob.heard.length > 0, 'both hear again');
    expect([ann.gaps.length, bob.gaps.length, gone.gaps.length]).toEqual([1, 1, 0]);
    expect(await client.publish('4', 'nobody')).toBe(1);
  });
});

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
    expect(await connections()).toHaveLength(1);
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
    expect(await connections()).toHaveLength(1);
    channels.close();
    await until(async () => (await connections()).length === 0, 'the connection is closed');
    expect(await client.publish('x', 'late')).toBe(0);
    expect(ear).toMatchObject({ heard: [], gaps: [], errors: [] });
  });
});
