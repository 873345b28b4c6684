import { type RedisServer, startRedis } from 'embedded-redis';
import { Redis } from 'ioredis';
import { lastValueFrom } from 'rxjs';

import {
  EmitFailedError,
  InvalidEntryError,
  RedisStreamsClient,
  UnsupportedOperationError,
} from '../src/index.js';
import { consume, range, runCleanups, track, uniqueStream, until } from './support.js';

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

describe('RedisStreamsClient', () => {
  it('appends events that a server consumes', async () => {
    const events = new RedisStreamsClient({ client, stream });
    const id = await lastValueFrom(events.emit<string>('counted', 7));
    expect(await client.xrange(stream, id, id)).toEqual([[id, ['pattern', 'counted', 'data', '7']]]);
    const seen: number[] = [];
    await consume({ client, streams: [stream] }, (data) => seen.push(...data));
    await until(() => seen.length > 0, 'it is handled');
    expect(seen).toEqual([7]);
  });

  it('sends what is emitted at once in one write, and in its order', async () => {
    await client.ping();
    const held = jest.spyOn(client.stream, 'cork');
    const events = new RedisStreamsClient({ client, stream });
    const emitted = range(1, 100).map((number) => lastValueFrom(events.emit<string>('counted', number)));
    const ids = await Promise.all(emitted);
    expect(held).toHaveBeenCalledTimes(1);
    const entries = range(1, 100).map((number, i) => [
      ids[i],
      ['pattern', 'counted', 'data', String(number)],
    ]);
    expect(await client.xrange(stream, '-', '+')).toEqual(entries);
  });

  it('appends to the stream that is chosen for the event', async () => {
    const choose = (pattern: string, data: unknown): string => `${stream}:${pattern}:${String(data)}`;
    await lastValueFrom(new RedisStreamsClient({ client, stream: choose }).emit('a', 1));
    expect(await client.xlen(`${stream}:a:1`)).toBe(1);
  });

  it('fails where Redis does not take the event', async () => {
    await client.set(stream, 'not a stream');
    const failed = lastValueFrom(new RedisStreamsClient({ client, stream }).emit('a', 1));
    await expect(failed).rejects.toThrow(EmitFailedError);
    await expect(failed).rejects.toMatchObject({ stream, pattern: 'a', cause: expect.any(Error) as Error });
  });

  it('fails where the data has no JSON form', async () => {
    const events = new RedisStreamsClient({ client, stream });
    await expect(lastValueFrom(events.emit('a', () => 1))).rejects.toThrow(InvalidEntryError);
  });

  it('says that it takes no requests', async () => {
    const events = new RedisStreamsClient({ client, stream });
    await expect(lastValueFrom(events.send())).rejects.toThrow(UnsupportedOperationError);
  });
});
