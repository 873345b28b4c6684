import { type RedisCluster, startRedisCluster } from 'embedded-redis';
import { Cluster } from 'ioredis';
import { lastValueFrom } from 'rxjs';

import {
  DeadLetters,
  InvalidOptionError,
  RedisStreamsClient,
  RedisStreamsServer,
  StreamMonitor,
} from '../src/index.js';
import { append, cleanUp, consume, gate, pendingCount, range, runCleanups, track, until } from './support.js';

let cluster: RedisCluster;
let client: Cluster;
beforeAll(async () => {
  cluster = await startRedisCluster({ masters: 3 });
});
afterAll(async () => {
  await cluster.stop();
});
beforeEach(() => {
  client = track(new Cluster(cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port }))));
});
afterEach(runCleanups);

// Their slots lie on all three masters.
const streams = ['{a}:stream', '{b}:stream', '{c}:stream', '{d}:stream', '{e}:stream', '{f}:stream'];

describe('a cluster of three masters', () => {
  it('is consumed like one Redis', async () => {
    for (const stream of streams) await append(client, stream, ...range(1, 50));
    const seen: number[] = [];
    const { server, stop } = await consume({ client, streams, blockMs: 60_000 }, (data) => {
      if (data.includes(25)) throw new Error('no');
      seen.push(...data);
    });
    const monitor = new StreamMonitor({ client, streams, group: 'workers' });
    await until(
      async () => (await monitor.backlog()).every(({ waiting, pending }) => waiting + pending === 0),
      'all streams are done',
    );
    expect(seen).toHaveLength(6 * 49);
    const letters = new DeadLetters({ client, streams });
    const { items } = await letters.page({ limit: 100 });
    expect(items.map(({ id, event }) => [id[0], event.data]).toSorted()).toEqual(
      range(0, 5).map((index) => [String(index), 25]),
    );
    expect(await letters.replay(items[0]!.id)).toBe(true);
    expect(await letters.remove(items[1]!.id)).toBe(true);
    expect((await letters.page()).items.map(({ id }) => id)).toEqual(items.slice(2).map(({ id }) => id));
    expect(server.isReady).toBe(true);
    const started = Date.now();
    await stop();
    expect(Date.now() - started).toBeLessThan(2000);
  });

  it('takes what is emitted at once for streams of all its masters', async () => {
    const chosen = (_pattern: string, data: unknown): string =>
      `${String(streams[Number(data) % 6])}:emitted`;
    const events = new RedisStreamsClient({ client, stream: chosen });
    await Promise.all(range(0, 59).map((number) => lastValueFrom(events.emit('counted', number))));
    const lengths = await Promise.all(streams.map((stream) => client.xlen(`${stream}:emitted`)));
    expect(lengths).toEqual(streams.map(() => 10));
  });

  it('gives up a slow batch to nobody, and that of a dead consumer to another', async () => {
    const stream = '{g}:stream';
    await append(client, stream, 1, 2);
    const slow = gate();
    const calls: string[] = [];
    const options = { client, streams: [stream], minIdleMs: 200, batchSize: 1 };
    const first = await consume({ ...options, consumer: 'one', drainMs: 0 }, () => {
      calls.push('one');
      return slow.opened;
    });
    await until(() => calls.length === 1, 'the first is at work');
    await consume({ ...options, consumer: 'two' }, () => calls.push('two'));
    const started = Date.now();
    await until(() => Date.now() - started > 800, 'the claimers have looked');
    expect(calls).toEqual(['one', 'two']);
    await first.stop();
    await until(async () => (await pendingCount(client, stream)) === 0, 'the second has done it');
    expect(calls).toEqual(['one', 'two', 'two']);
  });

  it('is waited for where one of its nodes is away', async () => {
    const stream = '{h}:stream';
    const seen: number[] = [];
    await consume({ client, streams: [stream] }, (data) => seen.push(...data));
    await append(client, stream, 1);
    await until(() => seen.length === 1, 'the first is handled');
    for (const node of cluster.nodes) {
      node.signal('SIGSTOP');
      cleanUp(() => {
        node.signal('SIGCONT');
      });
    }
    const appended = append(client, stream, 2);
    const started = Date.now();
    await until(() => Date.now() - started > 1000, 'reads have run into their limit');
    for (const node of cluster.nodes) node.signal('SIGCONT');
    await appended;
    await until(() => seen.includes(2), 'consumption goes on');
    expect(new Set(seen)).toEqual(new Set([1, 2]));
  });

  it('refuses keys that do not lie together', () => {
    const options = { client, group: 'g', consumer: 'c' };
    const apart = { stream: '{a}:s', deadLetters: '{b}:s', failures: '{a}:f' };
    for (const stream of ['orders', apart]) {
      expect(() => new RedisStreamsServer({ ...options, streams: [stream] })).toThrow(InvalidOptionError);
    }
  });
});
