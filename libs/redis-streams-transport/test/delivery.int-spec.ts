import { type RedisServer, startRedis } from 'embedded-redis';
import { Redis } from 'ioredis';
import { defer, of, Subject, throwError, timer } from 'rxjs';
import { concatMap } from 'rxjs/operators';

import { DeadLetters, type RedisStreamsContext } from '../src/index.js';
import {
  append,
  cleanUp,
  consume,
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

describe('delivery', () => {
  it('hands a batch to one call of the handler, acknowledges it, and empties the stream', async () => {
    const ids = await append(client, stream, ...range(1, 100));
    const calls: { data: number[]; context: RedisStreamsContext }[] = [];
    await consume({ client, streams: [stream] }, (data, context) => calls.push({ data, context }));
    await until(isEmpty, 'all are acknowledged');
    expect(calls.map(({ data }) => data)).toEqual([range(1, 100)]);
    expect(calls[0]!.context.getStream()).toBe(stream);
    expect(calls[0]!.context.getEntryIds()).toEqual(ids);
    expect(calls[0]!.context.getAttempts()).toEqual(ids.map(() => 1));
  });

  it('parts a batch where the pattern changes', async () => {
    for (const pattern of ['counted', 'counted', 'other', 'counted']) {
      await client.xadd(stream, '*', 'pattern', pattern, 'data', '1');
    }
    const calls: number[] = [];
    await consume({ client, streams: [stream] }, (data) => calls.push(data.length));
    await until(isEmpty, 'all are acknowledged');
    expect(calls).toEqual([2, 1, 1]);
  });

  it.each(['{"kind":"object","of":"pattern"}', '{ "of": "pattern", "kind": "object" }'])(
    'finds the handler of a pattern that is an object by %s',
    async (pattern) => {
      await client.xadd(stream, '*', 'pattern', pattern, 'data', '7');
      const calls: number[][] = [];
      await consume({ client, streams: [stream] }, (data) => calls.push(data));
      await until(isEmpty, 'it is acknowledged');
      expect(calls).toEqual([[7]]);
    },
  );

  it('does not let each change of the pattern cost a round trip', async () => {
    const appending = client.pipeline();
    for (let i = 0; i < 500; i++) {
      appending.xadd(stream, '*', 'pattern', i % 2 === 0 ? 'counted' : 'other', 'data', String(i));
    }
    await appending.exec();
    await client.config('RESETSTAT');
    const calls: number[] = [];
    await consume({ client, streams: [stream] }, (data) => calls.push(...data));
    await until(isEmpty, 'all are acknowledged');
    expect(calls).toEqual(range(0, 499));
    expect(await callsOf('evalsha')).toBeLessThan(50);
  });

  it('acknowledges as many entries as a batch may have', async () => {
    const appending = client.pipeline();
    for (const number of range(1, 10_000)) {
      appending.xadd(stream, '*', 'pattern', 'counted', 'data', String(number));
    }
    await appending.exec();
    const calls: number[][] = [];
    const { server } = await consume({ client, streams: [stream], batchSize: 10_000 }, (data) =>
      calls.push(data),
    );
    await until(isEmpty, 'all are acknowledged');
    expect(calls).toEqual([range(1, 10_000)]);
    expect(server.progress()[0]).toMatchObject({ acknowledged: 10_000, failed: 0 });
  });

  it('goes on with one more batch, and no further, while Redis cannot be told of the last one', async () => {
    await append(client, stream, ...range(1, 10));
    cleanUp(() => client.call('ACL', 'SETUSER', 'default', '+@all'));
    await client.call('ACL', 'SETUSER', 'default', '-evalsha');
    await client.config('RESETSTAT');
    const seen: number[] = [];
    const { server } = await consume({ client, streams: [stream], batchSize: 2, minIdleMs: 60 }, (data) =>
      seen.push(...data),
    );
    await until(async () => (await callsOf('evalsha', 'rejected_calls')) >= 3, 'it was tried again');
    expect(seen).toEqual(range(1, 4));
    expect(await pendingCount(client, stream)).toBe(4);
    expect(server.progress()[0]).toMatchObject({ inFlight: 4, acknowledged: 0 });
    await client.call('ACL', 'SETUSER', 'default', '+@all');
    await until(isEmpty, 'all are acknowledged');
    expect(seen).toEqual(range(1, 10));
  });

  it('acknowledges when the Observable of the handler has completed, not before', async () => {
    await append(client, stream, 1, 2);
    const result = new Subject<number>();
    const { server } = await consume({ client, streams: [stream] }, () => result);
    await until(() => server.progress()[0]!.inFlight === 2, 'the handler is at work');
    result.next(1);
    expect(await pendingCount(client, stream)).toBe(2);
    result.complete();
    await until(isEmpty, 'all are acknowledged');
    expect(server.progress()).toEqual([expect.objectContaining({ acknowledged: 2, failed: 0 })]);
  });

  it.each([
    ['throws', (): never => fail()],
    ['rejects', (): Promise<never> => Promise.reject(new Error('no'))],
    ['returns an Observable that errors', () => throwError(() => new Error('no'))],
    [
      'returns one that errors later',
      () => timer(5).pipe(concatMap(() => throwError(() => new Error('no')))),
    ],
  ])('delivers again where the handler %s', async (_, failing) => {
    await append(client, stream, 1);
    const attempts: number[] = [];
    await consume({ client, streams: [stream] }, (_data, context) => {
      attempts.push(...context.getAttempts());
      return attempts.length < 3 ? failing() : defer(() => of('done'));
    });
    await until(isEmpty, 'it is acknowledged');
    expect(attempts).toEqual([1, 2, 3]);
    expect(await client.exists(`${stream}:failures`)).toBe(0);
  });

  it('isolates an entry whose handler fails, and gives it up with its history', async () => {
    const ids = await append(client, stream, ...range(1, 100));
    const done = new Set<number>();
    let calls = 0;
    await consume({ client, streams: [stream] }, (data, context) => {
      calls++;
      if (data.includes(42)) throw new Error(`attempt ${String(context.getAttempts()[data.indexOf(42)])}`);
      for (const number of data) done.add(number);
    });
    await until(isEmpty, 'nothing is pending');
    expect(done).toEqual(new Set(range(1, 100).filter((number) => number !== 42)));
    expect(calls).toBeLessThan(60);
    const letters = await new DeadLetters({ client, streams: [stream] }).page();
    expect(letters.items).toEqual([
      {
        id: expect.stringMatching(/^0-\d+-\d+$/) as string,
        event: { pattern: 'counted', data: 42 },
        attempts: 5,
        firstError: 'Error: attempt 1',
        lastError: 'Error: attempt 5',
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
      },
    ]);
    const raw = await client.xrange(`${stream}:dead-letters`, '-', '+');
    expect(raw[0]![1]).toEqual(expect.arrayContaining(['id', ids[41]]));
    expect(await client.exists(`${stream}:failures`)).toBe(0);
  });

  it('takes what cannot be read or has no handler as failures of their own', async () => {
    await append(client, stream, 1);
    await client.xadd(stream, '*', 'pattern', 'counted', 'data', '{');
    await client.xadd(stream, '*', 'something', 'else');
    await append(client, stream, 2);
    await client.xadd(stream, '*', 'pattern', 'unheard', 'data', '7');
    await append(client, stream, 3);
    const calls: number[][] = [];
    await consume({ client, streams: [stream] }, (data) => calls.push(data));
    await until(isEmpty, 'nothing is pending');
    expect(calls).toEqual([[1, 2], [3]]);
    const { items } = await new DeadLetters({ client, streams: [stream] }).page();
    const summary = items.map(({ event, lastError }) => [event.pattern, event.data, lastError]);
    expect(summary).toHaveLength(3);
    expect(summary).toEqual(
      expect.arrayContaining([
        ['counted', '{', 'InvalidEntryError: the field data is not JSON'],
        ['', '', 'InvalidEntryError: an entry needs the fields pattern and data'],
        ['unheard', 7, 'UnknownPatternError: no @EventPattern handler for "unheard"'],
      ]),
    );
  });

  it('keeps entries pending and tries on where the dead letters are full', async () => {
    await append(client, stream, 1, 2);
    let healthy = false;
    const attempts: number[] = [];
    await consume({ client, streams: [stream], maxAttempts: 3, deadLetterLimit: 1 }, (data, context) => {
      attempts.push(...context.getAttempts());
      if (!healthy) throw new Error(`no ${data.length}`);
    });
    await until(() => attempts.some((attempt) => attempt > 4), 'the one without a place is tried again');
    expect(await client.xlen(`${stream}:dead-letters`)).toBe(1);
    expect(await pendingCount(client, stream)).toBe(1);
    healthy = true;
    await until(isEmpty, 'it is acknowledged');
    expect(await client.xlen(`${stream}:dead-letters`)).toBe(1);
  });

  it('trims only what every group has acknowledged', async () => {
    await client.xgroup('CREATE', stream, 'slow', '0', 'MKSTREAM');
    await append(client, stream, ...range(1, 10));
    const { server } = await consume({ client, streams: [stream] }, () => undefined);
    await until(() => server.progress()[0]!.acknowledged === 10, 'one group is done');
    expect(await client.xlen(stream)).toBe(10);
    const read = await client.xreadgroup('GROUP', 'slow', 'a', 'COUNT', 5, 'STREAMS', stream, '>');
    const ids = read![0]![1].map(([id]) => id);
    await client.xack(stream, 'slow', ...ids.slice(0, 3));
    await append(client, stream, 11);
    await until(() => server.progress()[0]!.acknowledged === 11, 'one group is done again');
    expect((await client.xrange(stream, '-', '+')).map(([id]) => id).slice(0, 2)).toEqual(ids.slice(3));
    expect(await client.xlen(stream)).toBe(8);
  });

  it('does not let a slow batch hold up others where several may be in flight', async () => {
    const result = new Subject<void>();
    const seen: number[] = [];
    const handle = (data: number[]): unknown => (data[0] === 1 ? result : seen.push(...data));
    await consume({ client, streams: [stream], maxInFlightBatches: 2, batchSize: 1 }, handle);
    await append(client, stream, 1, 2, 3);
    await until(() => seen.length === 2, 'the others are handled');
    expect(await pendingCount(client, stream)).toBe(1);
    result.complete();
    await until(isEmpty, 'all are acknowledged');
    expect(seen).toEqual([2, 3]);
  });

  it('acknowledges while Redis is out of memory', async () => {
    await append(client, stream, 1);
    const gateOfHandler = new Subject<void>();
    const { server } = await consume({ client, streams: [stream] }, () => gateOfHandler);
    await until(() => server.progress()[0]!.inFlight === 1, 'the handler is at work');
    cleanUp(() => client.config('SET', 'maxmemory', '0'));
    await client.config('SET', 'maxmemory', '1');
    gateOfHandler.complete();
    await until(isEmpty, 'it is acknowledged');
    expect(server.progress()[0]!.acknowledged).toBe(1);
  });
});

/** How often a command was called, or rejected, since CONFIG RESETSTAT. */
async function callsOf(command: string, counter = 'calls'): Promise<number> {
  const stats = await client.info('commandstats');
  return Number(new RegExp(`^cmdstat_${command}:.*\\b${counter}=(\\d+)`, 'm').exec(stats)?.[1] ?? 0);
}

function fail(): never {
  throw new Error('no');
}
