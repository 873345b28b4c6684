import { type RedisServer, startRedis } from 'embedded-redis';
import { Redis } from 'ioredis';

import { DeadLetters } from '../src/index.js';
import {
  append,
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

const isEmpty = async (): Promise<boolean> =>
  (await client.xlen(stream)) === 0 && (await pendingCount(client, stream)) === 0;
const never = new Promise<never>(() => undefined);

/** Has a consumer read entries and vanish, as a process that is killed does. */
async function readAndDie(consumer: string, count: number): Promise<void> {
  await client.xgroup('CREATE', stream, 'workers', '0', 'MKSTREAM').catch(() => undefined);
  const other = new Redis(redis.url);
  await other.xreadgroup('GROUP', 'workers', consumer, 'COUNT', count, 'STREAMS', stream, '>');
  other.disconnect();
}

describe('recovery', () => {
  it("delivers the consumer's own pending entries first, in chunks, after a restart", async () => {
    await append(client, stream, ...range(1, 80));
    await readAndDie('one', 70);
    const calls: number[][] = [];
    const attempts: number[][] = [];
    await consume({ client, streams: [stream] }, (data, context) => {
      calls.push(data);
      attempts.push([...new Set(context.getAttempts())]);
    });
    await until(isEmpty, 'all are acknowledged');
    expect(calls).toEqual([range(1, 32), range(33, 64), range(65, 70), range(71, 80)]);
    expect(attempts).toEqual([[2], [2], [2], [1]]);
  });

  it('claims the entries of a dead consumer after the idle time, and once', async () => {
    await append(client, stream, ...range(1, 200));
    await readAndDie('dead', 150);
    const seen: number[] = [];
    const handle = (data: number[]): unknown => seen.push(...data);
    const options = { client, streams: [stream], minIdleMs: 300 };
    await consume({ ...options, consumer: 'one' }, handle);
    await consume({ ...options, consumer: 'two' }, handle);
    await until(() => seen.length >= 50, 'new entries are handled');
    await until(isEmpty, 'all are acknowledged');
    expect(seen.toSorted((a, b) => a - b)).toEqual(range(1, 200));
  });

  it('leaves the entries of a consumer that is alive to it, however slow its handler is', async () => {
    await append(client, stream, 1, 2, 3);
    const slow = gate();
    const first = await consume(
      { client, streams: [stream], consumer: 'slow', minIdleMs: 300 },
      () => slow.opened,
    );
    await until(() => first.server.progress()[0]!.inFlight === 3, 'the handler is at work');
    const stolen: number[] = [];
    await consume({ client, streams: [stream], consumer: 'eager', minIdleMs: 300 }, (data) => {
      stolen.push(...data);
    });
    // Four times the idle time, by the clock of the claimers: they have looked at least seven times.
    const started = Date.now();
    await until(() => Date.now() - started > 1200, 'the claimers have looked');
    slow.open();
    await until(isEmpty, 'all are acknowledged');
    expect(stolen).toEqual([]);
    expect(first.server.progress()[0]!.acknowledged).toBe(3);
  });

  it('isolates an entry that kills its process, and gives up no other', async () => {
    await append(client, stream, ...range(1, 100));
    const done = new Set<number>();
    let lives = 0;
    while (!(await isEmpty().catch(() => false))) {
      expect(++lives).toBeLessThan(12);
      let died = false;
      const life = await consume({ client, streams: [stream], drainMs: 0 }, (data) => {
        if (died) return never;
        for (const number of data) if (number < 42) done.add(number);
        died = data.includes(42);
        if (died) return never;
        for (const number of data) done.add(number);
        return undefined;
      });
      await until(async () => died || (await isEmpty()), 'it dies or is done');
      await life.stop();
    }
    expect(done).toEqual(new Set(range(1, 100).filter((number) => number !== 42)));
    const { items } = await new DeadLetters({ client, streams: [stream] }).page();
    expect(items).toEqual([
      expect.objectContaining({
        event: { pattern: 'counted', data: 42 },
        attempts: 5,
        firstError: 'its consumer ended while handling it',
      }),
    ]);
  });

  it('gives up no innocent on other streams of the process that dies', async () => {
    const streams = [uniqueStream(), uniqueStream(), uniqueStream()];
    stream = streams[0]!;
    for (const each of streams) await append(client, each, ...range(1, 40));
    const isDone = async (): Promise<boolean> => {
      const lengths = await Promise.all(streams.map((each) => client.xlen(each)));
      return lengths.every((length) => length === 0);
    };
    for (let lives = 1; !(await isDone()); lives++) {
      expect(lives).toBeLessThan(20);
      let died = false;
      const life = await consume({ client, streams, drainMs: 0 }, async (data, context) => {
        const isPoison = context.getStream() === stream && data.includes(20);
        await new Promise((resolve) => setTimeout(resolve, isPoison ? 0 : 2));
        if (isPoison) died = true;
        if (died) await never;
      });
      await until(async () => died || (await isDone()), 'it dies or is done');
      await life.stop();
    }
    const { items } = await new DeadLetters({ client, streams }).page();
    expect(items.map(({ event }) => event.data)).toEqual([20]);
  });

  it('does not take what it is itself at work on', async () => {
    await append(client, stream, 1, 2);
    const slow = gate();
    const calls: number[][] = [];
    const { server } = await consume(
      { client, streams: [stream], batchSize: 1, maxInFlightBatches: 2, minIdleMs: 60 },
      (data) => {
        calls.push(data);
        return data[0] === 1 ? slow.opened : Promise.reject(new Error('no'));
      },
    );
    await until(() => server.progress()[0]!.deadLettered === 1, 'the other is given up');
    expect(calls.filter(([number]) => number === 1)).toHaveLength(1);
    slow.open();
    await until(isEmpty, 'all are acknowledged');
    expect(calls.filter(([number]) => number === 1)).toHaveLength(1);
  });

  it('takes no new entries while too many wait for a retry', async () => {
    await append(client, stream, ...range(1, 100));
    let healthy = false;
    const seen = new Set<number>();
    const options = { batchSize: 2, retryDelayMs: 1000, maxRetryDelayMs: 1000, maxAttempts: 100 };
    const { server } = await consume({ client, streams: [stream], ...options }, (data) => {
      for (const number of data) seen.add(number);
      if (!healthy) throw new Error('down');
    });
    await until(() => server.progress()[0]!.waitingForRetry === 8, 'four batches have failed');
    await until(() => server.progress()[0]!.failed > 8, 'they are tried again');
    expect(seen).toEqual(new Set(range(1, 8)));
    healthy = true;
    await until(isEmpty, 'all are acknowledged');
    expect(seen.size).toBe(100);
  });
});

describe('a Redis that loses its data', () => {
  it('gets its group again from the beginning of the stream', async () => {
    const own = await startRedis();
    const ownClient = track(new Redis(own.url));
    const seen: number[] = [];
    try {
      await consume({ client: ownClient, streams: [stream] }, (data) => seen.push(...data));
      await append(ownClient, stream, 1);
      await until(() => seen.length === 1, 'the first is handled');
      for (const number of [2, 3]) {
        await ownClient
          .multi()
          .flushall()
          .xadd(stream, '*', 'pattern', 'counted', 'data', String(number))
          .exec();
        await until(() => seen.includes(number), 'what came after the loss is handled');
      }
      await append(ownClient, stream, 4);
      await until(() => seen.includes(4), 'what comes later is handled');
      await ownClient.xgroup('DESTROY', stream, 'workers');
      await append(ownClient, stream, 5);
      await until(() => seen.includes(5), 'what came after the loss of the group is handled');
    } finally {
      await runCleanups();
      await own.stop();
    }
    expect(seen.filter((number) => number === 5)).toEqual([5]);
  });
});
