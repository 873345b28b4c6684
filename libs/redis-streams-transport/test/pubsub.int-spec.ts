import { type RedisServer, startRedis } from 'embedded-redis';
import { Redis } from 'ioredis';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

import { encodeMessage, RedisPubSubServer, type SubscriptionGap } from '../src/index.js';
import { cleanUp, gate, listen, range, runCleanups, track, until } from './support.js';

let redis: RedisServer;
let client: Redis;
beforeEach(async () => {
  redis = await startRedis();
  cleanUp(() => redis.stop());
  client = track(new Redis(redis.url));
});
afterEach(runCleanups);

const channels = ['{a}:live', '{b}:live', 'plain'];

async function publish(channel: string, number: number): Promise<unknown> {
  return client.spublish(channel, encodeMessage('counted', number));
}

function gapsOf(server: RedisPubSubServer): SubscriptionGap[] {
  const gaps: SubscriptionGap[] = [];
  server.gaps.subscribe((gap) => gaps.push(gap));
  return gaps;
}

describe('RedisPubSubServer', () => {
  it('hands over the messages of a channel one at a time and in order', async () => {
    const seen: string[] = [];
    let atWork = 0;
    const server = await listen({ client, channels }, async (number, context) => {
      expect(++atWork).toBeLessThanOrEqual(channels.length);
      await new Promise((resolve) => setTimeout(resolve, number % 3));
      seen.push(`${context.getChannel()} ${number}`);
      atWork--;
    });
    for (const number of range(1, 20)) for (const channel of channels) await publish(channel, number);
    await until(() => seen.length === 60, 'all are handled');
    for (const channel of channels) {
      expect(seen.filter((line) => line.startsWith(`${channel} `))).toEqual(
        range(1, 20).map((number) => `${channel} ${number}`),
      );
    }
    expect(server.isReady).toBe(true);
  });

  it('goes on after a failing handler, and after messages that nobody can read', async () => {
    const seen: number[] = [];
    await listen({ client, channels }, (number) => {
      seen.push(number);
      if (number === 1) throw new Error('no');
    });
    await publish('plain', 1);
    for (const text of ['', '{', '1', '{"pattern":1}', encodeMessage('unheard', 1)]) {
      await client.spublish('plain', text);
    }
    await publish('plain', 2);
    await until(() => seen.length === 2, 'both are handled');
    expect(seen).toEqual([1, 2]);
  });

  it('subscribes again when its connection is lost, and reports the gap', async () => {
    const seen: number[] = [];
    const server = await listen({ client, channels }, (number) => seen.push(number));
    const gaps = gapsOf(server);
    for (const round of [1, 2, 3]) {
      await client.client('KILL', 'TYPE', 'PUBSUB');
      await until(() => gaps.length === round, 'the gap is reported');
      for (const channel of channels) expect(await publish(channel, round)).toBe(1);
      await until(() => seen.length === 3 * round, 'messages arrive again');
    }
    expect(gaps[0]).toMatchObject({ cause: 'lost', channels, reason: 'the connection was closed' });
    expect(gaps[0]!.fromMs).toBeLessThanOrEqual(gaps[0]!.toMs);
    expect(server.isReady).toBe(true);
  });

  it('waits for a Redis that restarts', async () => {
    const seen: number[] = [];
    const server = await listen({ client, channels }, (number) => seen.push(number));
    const gaps = gapsOf(server);
    await redis.stop();
    await until(() => !server.isReady, 'the loss is noticed');
    redis = await startRedis({ port: redis.port });
    cleanUp(() => redis.stop());
    await until(() => gaps.length === 1, 'the gap is reported');
    expect(await publish('plain', 7)).toBe(1);
    await until(() => seen.length === 1, 'messages arrive again');
    expect(server.isReady).toBe(true);
  });

  it('notices a Redis that does not answer any more', async () => {
    const server = await listen({ client, channels }, () => undefined);
    const gaps = gapsOf(server);
    redis.signal('SIGSTOP');
    cleanUp(() => {
      redis.signal('SIGCONT');
    });
    await until(() => !server.isReady, 'the silence is noticed');
    redis.signal('SIGCONT');
    await until(() => gaps.length === 1, 'the gap is reported');
    expect(gaps[0]!.reason).toMatch(/^no probe was heard on /);
  });

  it('notices a dead peer though the connection looks alive', async () => {
    const proxy = await startProxy(redis.port);
    const seen: number[] = [];
    const proxied = track(new Redis(proxy.port));
    const server = await listen({ client: proxied, channels }, (number) => seen.push(number));
    const gaps = gapsOf(server);
    await publish('plain', 1);
    await until(() => seen.length === 1, 'a message arrives');
    proxy.fallSilent();
    await publish('plain', 2);
    await until(() => gaps.length === 1, 'the gap is reported');
    await publish('plain', 3);
    await until(() => seen.includes(3), 'messages arrive again');
    expect(seen).toEqual([1, 3]);
    expect(gaps[0]!.toMs - gaps[0]!.fromMs).toBeLessThan(10_000);
  });

  it('reports messages that it had to drop because the handler was too slow', async () => {
    const slow = gate();
    const seen: number[] = [];
    const server = await listen({ client, channels, maxQueued: 2 }, async (number) => {
      await slow.opened;
      seen.push(number);
    });
    const gaps = gapsOf(server);
    for (const number of range(1, 10)) await publish('plain', number);
    await publish('{a}:live', 99);
    slow.open();
    await until(() => gaps.length === 1, 'the gap is reported');
    expect(gaps[0]).toMatchObject({ cause: 'overflow', channels: ['plain'] });
    expect(seen.filter((number) => number < 99)).toEqual([1, 2, 3]);
  });

  it('starts and stops where Redis is down', async () => {
    await redis.stop();
    const server = new RedisPubSubServer({ client, channels });
    let calledBack = false;
    server.listen(() => (calledBack = true));
    expect(calledBack).toBe(true);
    expect(server.isReady).toBe(false);
    await server.close();
    expect(server.isReady).toBe(false);
  });

  it('leaves no connection behind', async () => {
    const server = await listen({ client, channels }, () => undefined);
    await server.close();
    const names = async (): Promise<string> => String(await client.client('LIST'));
    await until(async () => !(await names()).includes('name=pubsub:'), 'its connections are closed');
    expect(await publish('plain', 1)).toBe(0);
  });
});

interface Proxy {
  readonly port: number;
  /** Connections that exist stay open and pass nothing on; new ones work. */
  fallSilent(): void;
}

async function startProxy(port: number): Promise<Proxy> {
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    pairs.add([near, far]);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp(() => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    fallSilent: () => {
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
      }
    },
  };
}
