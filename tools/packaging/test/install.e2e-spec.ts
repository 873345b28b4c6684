import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type RedisCluster, startRedis, startRedisCluster } from 'embedded-redis';

import { Consumer } from './support/consumer.js';
import { type InstalledNode, installNode24, noNode24 } from './support/node-24.js';
import { libraryFolder, pack, type Packed, pinnedVersion, type PublishedName } from './support/workspace.js';

const MINUTE = 60_000;
const types = { '@types/node': pinnedVersion('@types/node') };
const examplesFolder = join(libraryFolder('redis-fanout'), 'examples');
const examples = readdirSync(examplesFolder).filter((file) => file.endsWith('.ts'));

let folder: string;
let packages: Record<PublishedName, Packed>;
let cluster: RedisCluster;
let node24: InstalledNode | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'packed-'));
  packages = {
    'redis-fanout': await pack('redis-fanout', folder),
    'redis-fanout-client': await pack('redis-fanout-client', folder),
    'redis-streams-transport': await pack('redis-streams-transport', folder),
  };
  cluster = await startRedisCluster();
  if (noNode24 === undefined) node24 = await installNode24();
}, 5 * MINUTE);
afterAll(async () => {
  await cluster.stop();
  node24?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** The Nodes to run under: this one, and Node 24 where there is one. */
const nodes = [
  { version: process.version, test: it, executable: () => process.execPath },
  noNode24 === undefined
    ? { version: 'v24', test: it, executable: () => node24?.executable ?? '' }
    : { version: `v24 (skipped: ${noNode24})`, test: it.skip, executable: () => '' },
];

/** One source as an ES module and as a CommonJS module. */
function bothWays(name: string): Record<string, string> {
  const source = join(__dirname, '../consumer', `${name}.ts`);
  return { [`${name}.mts`]: source, [`${name}.cts`]: source };
}

/** Runs a module on a Redis that holds nothing: examples have names of their own choice. */
async function onNewRedis(consumer: Consumer, node: string, module: string): Promise<string> {
  const redis = await startRedis();
  try {
    return await consumer.run(node, module, redis.url);
  } finally {
    await redis.stop();
  }
}

describe('with ioredis alone', () => {
  let consumer: Consumer;
  let complaints: string;
  beforeAll(async () => {
    consumer = await Consumer.install({
      'redis-fanout': packages['redis-fanout'].tarball,
      ioredis: pinnedVersion('ioredis'),
      ...types,
    });
    complaints = await consumer.compile({ ...bothWays('deliver'), examples: examplesFolder });
  }, 5 * MINUTE);
  afterAll(() => {
    consumer.remove();
  });

  it('brings neither NestJS nor another ioredis', () => {
    expect(
      ['@nestjs', 'rxjs', 'redis-fanout/node_modules/ioredis'].filter((name) => consumer.has(name)),
    ).toEqual([]);
  });

  it('has types for ES modules and for CommonJS', () => {
    expect(complaints).toBe('');
  });

  describe.each(nodes)('under Node $version', ({ test, executable }) => {
    test.each([
      'deliver.mjs',
      'deliver.cjs',
      ...examples.map((file) => `examples/${file.replace(/\.ts$/, '.js')}`),
    ])('runs %s', async (module) => {
      await expect(onNewRedis(consumer, executable(), module)).resolves.toEqual(expect.any(String));
    });

    test('runs deliver.mjs on a cluster', async () => {
      const delivering = consumer.run(executable(), 'deliver.mjs', cluster.url);
      await expect(delivering).resolves.toEqual(expect.any(String));
    });
  });
});

describe('with NestJS', () => {
  const peers = [
    '@nestjs/common',
    '@nestjs/core',
    '@nestjs/microservices',
    'ioredis',
    'reflect-metadata',
    'rxjs',
  ];
  let consumer: Consumer;
  let complaints: string;
  beforeAll(async () => {
    consumer = await Consumer.install({
      'redis-fanout': packages['redis-fanout'].tarball,
      'redis-streams-transport': packages['redis-streams-transport'].tarball,
      ...Object.fromEntries(peers.map((name) => [name, pinnedVersion(name)])),
      ...types,
    });
    complaints = await consumer.compile(bothWays('nest'));
  }, 5 * MINUTE);
  afterAll(() => {
    consumer.remove();
  });

  it('has types for ES modules and for CommonJS', () => {
    expect(complaints).toBe('');
  });

  describe.each(nodes)('under Node $version', ({ test, executable }) => {
    test.each(['nest.mjs', 'nest.cjs'])('runs %s', async (module) => {
      await expect(onNewRedis(consumer, executable(), module)).resolves.toEqual(expect.any(String));
    });
  });
});

describe('the client', () => {
  let consumer: Consumer;
  let complaints: string;
  beforeAll(async () => {
    consumer = await Consumer.install({
      'redis-fanout-client': packages['redis-fanout-client'].tarball,
      ...types,
    });
    complaints = await consumer.compile(bothWays('listen'));
  }, 5 * MINUTE);
  afterAll(() => {
    consumer.remove();
  });

  it('brings nothing for servers', () => {
    expect(['ioredis', 'redis-fanout', 'ws'].filter((name) => consumer.has(name))).toEqual([]);
  });

  it('has types for ES modules and for CommonJS', () => {
    expect(complaints).toBe('');
  });

  describe.each(nodes)('under Node $version', ({ test, executable }) => {
    test.each(['listen.mjs', 'listen.cjs'])('runs %s', async (module) => {
      await expect(consumer.run(executable(), module, '')).resolves.toEqual(expect.any(String));
    });
  });
});
