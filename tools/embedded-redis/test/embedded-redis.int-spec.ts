import { Cluster, Redis } from 'ioredis';

import { findRedisExecutable, startRedis, startRedisCluster } from '../src/index.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('startRedis', () => {
  it('starts a server of its own that is gone after stop', async () => {
    const server = await startRedis();
    cleanups.push(server.stop);
    const client = new Redis(server.url);
    cleanups.push(() => {
      client.disconnect();
    });
    expect(await client.ping()).toBe('PONG');
    expect(await client.config('GET', 'bind')).toEqual(['bind', '127.0.0.1']);
    client.disconnect();
    await server.stop();
    expect(await server.exited).toBe(0);
    expect(() => process.kill(server.pid, 0)).toThrow('ESRCH');
  });

  it('says why a server did not start', async () => {
    await expect(startRedis({ settings: { maxclients: 'many' } })).rejects.toThrow(/ended with code 1/);
  });
});

describe('startRedisCluster', () => {
  it('serves all slots from masters with replicas', async () => {
    const cluster = await startRedisCluster({ masters: 3, replicasPerMaster: 1 });
    cleanups.push(cluster.stop);
    const client = new Cluster(cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port })));
    cleanups.push(() => {
      client.disconnect();
    });
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    await Promise.all(keys.map((key) => client.set(key, key)));
    expect(await Promise.all(keys.map((key) => client.get(key)))).toEqual(keys);
    expect(client.nodes('master')).toHaveLength(3);
    expect(client.nodes('slave')).toHaveLength(3);
  });
});

describe('findRedisExecutable', () => {
  it('finds nothing where nothing is', () => {
    expect(findRedisExecutable('/nowhere:')).toBeUndefined();
  });
});
