import { type RedisServer, startRedis } from 'embedded-redis';
import { Redis } from 'ioredis';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  append,
  cleanUp,
  consume,
  gate,
  pendingCount,
  range,
  runCleanups,
  track,
  uniqueStream,
  until,
} from './support.js';

let redis: RedisServer;
let client: Redis;
let stream: string;
beforeEach(async () => {
  redis = await startRedis();
  cleanUp(() => redis.stop());
  client = track(new Redis(redis.url));
  stream = uniqueStream();
});
afterEach(runCleanups);

describe('an orderly stop', () => {
  it('lets the handlers at work finish, acknowledges, and takes nothing more', async () => {
    const slow = gate();
    await append(client, stream, 1, 2);
    const { server, stop } = await consume({ client, streams: [stream], batchSize: 1 }, () => slow.opened);
    await until(() => server.progress()[0]!.inFlight === 1, 'the handler is at work');
    const stopped = stop();
    slow.open();
    await stopped;
    expect(await pendingCount(client, stream)).toBe(0);
    expect(await client.xlen(stream)).toBe(1);
    expect(await connections(client)).toEqual([]);
  });

  it('ends a blocked read at once, and loses nothing that comes then', async () => {
    const { server, stop } = await consume({ client, streams: [stream], blockMs: 60_000 }, () => undefined);
    await until(() => server.isReady, 'it reads');
    await until(
      async () => (await connections(client)).some((line) => line.includes('flags=b')),
      'it is blocked',
    );
    const started = Date.now();
    await stop();
    expect(Date.now() - started).toBeLessThan(1500);
    expect(server.isReady).toBe(false);
    expect(server.progress()).toEqual([]);
  });

  it('leaves what does not finish in time pending', async () => {
    await append(client, stream, 1);
    const slow = gate();
    const { server, stop } = await consume({ client, streams: [stream], drainMs: 50 }, () => slow.opened);
    await until(() => server.progress()[0]!.inFlight === 1, 'the handler is at work');
    await stop();
    slow.open();
    expect(await pendingCount(client, stream)).toBe(1);
    const seen: number[] = [];
    await consume({ client, streams: [stream] }, (data) => seen.push(...data));
    await until(async () => (await pendingCount(client, stream)) === 0, 'the next life does it');
    expect(seen).toEqual([1]);
  });

  it('resolves where Redis is down, also in the middle of a batch', async () => {
    await append(client, stream, 1);
    const slow = gate();
    const { server, stop } = await consume({ client, streams: [stream], drainMs: 200 }, () => slow.opened);
    await until(() => server.progress()[0]!.inFlight === 1, 'the handler is at work');
    await redis.stop();
    await until(() => !server.isReady, 'the loss is noticed');
    slow.open();
    await stop();
    expect(server.progress()).toEqual([]);
  });

  it('resolves where Redis does not answer', async () => {
    const { server, stop } = await consume({ client, streams: [stream], drainMs: 200 }, () => undefined);
    await until(() => server.isReady, 'it reads');
    redis.signal('SIGSTOP');
    cleanUp(() => {
      redis.signal('SIGCONT');
    });
    await stop();
    expect(server.isReady).toBe(false);
  });

  it('resolves where Redis never was there', async () => {
    await redis.stop();
    const { server, stop } = await consume({ client, streams: [stream] }, () => undefined);
    expect(server.isReady).toBe(false);
    await stop();
    expect(server.progress()).toEqual([]);
  });
});

describe('a Redis that restarts', () => {
  it('is waited for, and consumption goes on by itself', async () => {
    await redis.stop();
    const dir = mkdtempSync(join(tmpdir(), 'redis-streams-'));
    cleanUp(() => {
      rmSync(dir, { recursive: true });
    });
    const settings = { appendonly: 'yes', appendfsync: 'always' };
    const start = async (): Promise<RedisServer> => startRedis({ port: redis.port, dir, settings });
    const seen = new Set<number>();
    const statuses: string[] = [];
    const { server } = await consume({ client, streams: [stream] }, (data) => {
      for (const number of data) seen.add(number);
    });
    server.status.subscribe((status) => statuses.push(status));
    for (const life of [1, 2, 3]) {
      const running = await start();
      cleanUp(() => running.stop());
      await append(client, stream, ...range(10 * life, 10 * life + 9));
      await until(() => seen.size === 10 * life, 'all are handled');
      await until(() => server.isReady, 'it says that it is ready');
      await until(async () => (await pendingCount(client, stream)) === 0, 'all are acknowledged');
      await running.stop();
      await until(() => !server.isReady, 'the loss is noticed');
    }
    expect(seen).toEqual(new Set(range(10, 39)));
    expect(statuses.filter((status) => status === 'connected')).toHaveLength(3);
  });

  it('has its entries in flight acknowledged when it is back', async () => {
    await client.config('SET', 'appendfsync', 'always');
    await client.config('SET', 'appendonly', 'yes');
    await append(client, stream, 1);
    const slow = gate();
    const calls: number[][] = [];
    const { server } = await consume({ client, streams: [stream] }, (data) => {
      calls.push(data);
      return slow.opened;
    });
    await until(() => server.progress()[0]!.inFlight === 1, 'the handler is at work');
    await client.client('KILL', 'TYPE', 'NORMAL');
    slow.open();
    await until(() => server.progress()[0]!.acknowledged === 1, 'it is acknowledged');
    expect(await pendingCount(client, stream)).toBe(0);
    expect(calls).toEqual([[1]]);
  });
});

/** The connections that the servers under test have opened. */
async function connections(observer: Redis): Promise<string[]> {
  const list = String(await observer.client('LIST'));
  return list.split('\n').filter((line) => line.includes(' name=workers:'));
}
