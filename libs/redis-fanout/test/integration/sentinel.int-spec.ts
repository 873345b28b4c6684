import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findRedisExecutable, freePort, type RedisServer, startRedis } from 'embedded-redis';
import { Redis } from 'ioredis';

import { openLists, openPubSub, openStreams, openTimelines } from '../../src/index.js';

/** A master, a replica, and a Sentinel that looks after them. */
describe('a Redis that is found through Sentinel', () => {
  let master: RedisServer;
  let replica: RedisServer;
  let client: Redis;
  let stopSentinel: () => Promise<void>;

  beforeAll(async () => {
    master = await startRedis();
    replica = await startRedis({ settings: { replicaof: `127.0.0.1 ${master.port}` } });
    const sentinel = await startSentinel(master.port);
    stopSentinel = sentinel.stop;
    client = new Redis({
      sentinels: [{ host: '127.0.0.1', port: sentinel.port }],
      name: 'main',
      sentinelRetryStrategy: () => 50,
    });
    client.on('error', () => undefined);
    await until(async () => (await client.info('replication')).includes('state=online'));
  });
  afterAll(async () => {
    client.disconnect();
    await stopSentinel();
    await replica.stop();
    await master.stop();
  });

  it('serves every strategy, also after the master was replaced', async () => {
    const pubSub = await openPubSub<string>({ client });
    const lists = await openLists<string>({ client });
    const streams = await openStreams<string>({ client });
    const timelines = await openTimelines<string>({ client, onError: () => undefined });
    const strategies = { pubSub, lists, streams, timelines };
    const heard = { pubSub: [], lists: [], streams: [], timelines: [] } as Record<string, string[]>;
    const gaps: string[] = [];
    for (const [name, strategy] of Object.entries(strategies)) {
      await strategy.subscribe('bob', 'ann');
      const acknowledging = strategy === lists || strategy === streams ? strategy : undefined;
      await strategy.listen(
        'bob',
        async ({ id, payload }) => {
          heard[name]?.push(payload);
          await acknowledging?.acknowledge('bob', id);
        },
        { onGap: () => gaps.push(name), onError: () => undefined },
      );
    }
    const everybodyHears = async (payload: string): Promise<void> => {
      for (const [name, strategy] of Object.entries(strategies)) {
        await until(async () => strategy.publish('ann', payload));
        await until(() => heard[name]?.includes(payload) === true);
      }
    };

    await everybodyHears('before');
    // It stays away, so everything goes on at the one that was the replica.
    const replicated = await client.wait(1, 5000);
    expect(replicated).toBe(1);
    await master.stop();
    await until(async () => (await client.info('server')).includes(`tcp_port:${replica.port}`));
    // What is not kept is live again once the gap was told.
    await until(() => gaps.includes('pubSub'));
    await everybodyHears('after');

    expect(heard).toMatchObject({ lists: ['before', 'after'], streams: ['before', 'after'] });
    for (const strategy of Object.values(strategies)) await strategy.close();
  });
});

async function startSentinel(masterPort: number): Promise<{ port: number; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-'));
  const port = await freePort();
  const config = join(folder, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor main 127.0.0.1 ${masterPort} 1`,
    'sentinel down-after-milliseconds main 500',
    'sentinel failover-timeout main 3000',
  ];
  writeFileSync(config, lines.join('\n'));
  const child = spawn(findRedisExecutable() ?? '', [config, '--sentinel'], { stdio: 'ignore' });
  const client = new Redis(port, '127.0.0.1');
  client.on('error', () => undefined);
  // It has to know the replica to promote it.
  await until(async () => String(await client.call('SENTINEL', 'REPLICAS', 'main')) !== '');
  client.disconnect();
  const stop = async (): Promise<void> => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true });
  };
  return { port, stop };
}

/** Tries something until it comes true. */
async function until(attempt: () => unknown): Promise<void> {
  for (;;) {
    try {
      if ((await attempt()) !== false) return;
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
