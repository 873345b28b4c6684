import { type RedisServer, startRedis } from 'embedded-redis';
import { Redis } from 'ioredis';

import { StreamMonitor } from '../src/index.js';
import { append, range, runCleanups, track, uniqueStream } from './support.js';

let redis: RedisServer;
let client: Redis;
let stream: string;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  await redis.stop();
});
beforeEach(() => {
  client = track(new Redis(redis.url));
  stream = uniqueStream();
});
afterEach(runCleanups);

const backlog = async (): Promise<unknown> =>
  (await new StreamMonitor({ client, streams: [stream], group: 'workers' }).backlog())[0];

describe('StreamMonitor', () => {
  it('has zeros where there is no stream', async () => {
    expect(await backlog()).toEqual({ stream, waiting: 0, pending: 0, oldestMs: 0, deadLetters: 0 });
  });

  it('has everything waiting where there is no group', async () => {
    await client.xadd(stream, '5-1', 'pattern', 'counted', 'data', '1');
    expect(await backlog()).toEqual(expect.objectContaining({ waiting: 1, pending: 0 }));
    expect(await backlog()).toHaveProperty('oldestMs', expect.closeTo(Date.now(), -4));
  });

  it('counts what waits and what is pending, and the age of the oldest of both', async () => {
    await client.xgroup('CREATE', stream, 'other', '0', 'MKSTREAM');
    await client.xgroup('CREATE', stream, 'workers', '0');
    expect(await backlog()).toEqual({ stream, waiting: 0, pending: 0, oldestMs: 0, deadLetters: 0 });
    const [seconds] = await client.time();
    const ageMs = (minutes: number): string => `${(Number(seconds) - 60 * minutes) * 1000}-1`;
    for (const minutes of [50, 40, 30, 20]) {
      await client.xadd(stream, ageMs(minutes), 'pattern', 'counted', 'data', '1');
    }
    await client.xreadgroup('GROUP', 'workers', 'a', 'COUNT', 2, 'STREAMS', stream, '>');
    expect(await backlog()).toEqual(expect.objectContaining({ waiting: 2, pending: 2 }));
    expect(await backlog()).toHaveProperty('oldestMs', expect.closeTo(50 * 60_000, -4));
    await client.xack(stream, 'workers', ageMs(50));
    expect(await backlog()).toHaveProperty('oldestMs', expect.closeTo(40 * 60_000, -4));
    await client.xack(stream, 'workers', ageMs(40));
    expect(await backlog()).toEqual(expect.objectContaining({ waiting: 2, pending: 0 }));
    expect(await backlog()).toHaveProperty('oldestMs', expect.closeTo(30 * 60_000, -4));
    await client.xadd(`${stream}:dead-letters`, '*', 'a', 'b');
    expect(await backlog()).toHaveProperty('deadLetters', 1);
  });

  it('counts from the length where Redis does not know the lag', async () => {
    const ids = await append(client, stream, ...range(1, 10));
    await client.xgroup('CREATE', stream, 'workers', '0');
    await client.xreadgroup('GROUP', 'workers', 'a', 'COUNT', 2, 'STREAMS', stream, '>');
    await client.xdel(stream, ids[5]!);
    const groups = await client.xinfo('GROUPS', stream);
    expect(JSON.stringify(groups)).toContain('"lag",null');
    expect(await backlog()).toEqual(expect.objectContaining({ waiting: 7, pending: 2 }));
  });
});
