import { type RedisServer, startRedis } from 'embedded-redis';
import type { Redis } from 'ioredis';

import { callsOf, channelsOf, connectionsOf, Ear } from '../support/ear.js';
import { cleanUp, clientOf, onCleanUp, until } from '../support/faults.js';

let redis: RedisServer;
let client: Redis;
beforeEach(async () => {
  redis = await startRedis();
  onCleanUp(async () => redis.stop());
  client = clientOf(redis.url) as Redis;
});
afterEach(cleanUp);

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
    expect(await connectionsOf(client)).toHaveLength(1);
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
      await client.client('KILL', 'TYPE', 'PUBSUB');
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
    await client.client('KILL', 'TYPE', 'PUBSUB');
    await until(() => ann.gaps.length > 0 && bob.gaps.length > 0, 'both are told');
    expect(await client.publish('3', 'again')).toBe(2);
    await until(() => ann.heard.length > 0 && bob.heard.length > 0, 'both hear again');
    expect([ann.gaps.length, bob.gaps.length, gone.gaps.length]).toEqual([1, 1, 0]);
    expect(await client.publish('4', 'nobody')).toBe(1);
  });
});
