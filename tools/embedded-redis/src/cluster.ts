import { setTimeout as delay } from 'node:timers/promises';

import { Redis } from 'ioredis';

import { freePort, type RedisServer, startRedis } from './server.js';

export interface RedisClusterOptions {
  /** Masters, among which the 16,384 slots are split evenly. */
  readonly masters?: number;
  /** Replicas of each master. */
  readonly replicasPerMaster?: number;
  /** Settings of every node, as in redis.conf. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface RedisCluster {
  /** The addresses of all nodes, parted by commas. */
  readonly url: string;
  /** Masters first, then the replicas of the first master, of the second, and so on. */
  readonly nodes: readonly RedisServer[];
  stop(): Promise<void>;
}

const SLOTS = 16_384;

/** Starts a real Redis Cluster on loopback and resolves when every node agrees that all slots are served. */
export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  const masters = options.masters ?? 3;
  const replicas = masters * (options.replicasPerMaster ?? 0);
  const nodes = await Promise.all(
    Array.from({ length: masters + replicas }, () => startNode(options.settings ?? {})),
  );
  const clients = nodes.map((node) => new Redis(node.port, '127.0.0.1', { maxRetriesPerRequest: 1 }));
  try {
    await join(nodes, clients, masters);
    await replicate(clients, masters, options.replicasPerMaster ?? 0);
    await until(
      async () =>
        (await Promise.all(clients.map((client) => isHealthy(client, options.replicasPerMaster ?? 0)))).every(
          Boolean,
        ),
      'the cluster is up',
    );
  } catch (error) {
    await Promise.all(nodes.map((node) => node.stop()));
    throw error;
  } finally {
    for (const client of clients) client.disconnect();
  }
  return {
    url: nodes.map((node) => node.url).join(','),
    nodes,
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

async function startNode(settings: Readonly<Record<string, string>>): Promise<RedisServer> {
  return startRedis({
    settings: {
      'cluster-enabled': 'yes',
      'cluster-config-file': 'nodes.conf',
      'cluster-node-timeout': '2000',
      'cluster-port': String(await freePort()),
      // A replica is listed only once it has received something.
      'repl-ping-replica-period': '1',
      ...settings,
    },
  });
}

async function join(
  nodes: readonly RedisServer[],
  clients: readonly Redis[],
  masters: number,
): Promise<void> {
  await Promise.all(
    clients.slice(0, masters).map(async (client, i) => {
      const first = Math.floor((i * SLOTS) / masters);
      const last = Math.floor(((i + 1) * SLOTS) / masters) - 1;
      await client.call('CLUSTER', 'ADDSLOTSRANGE', first, last);
      await client.call('CLUSTER', 'SET-CONFIG-EPOCH', i + 1);
    }),
  );
  const seed = clients[0];
  if (seed === undefined) throw new Error('a cluster needs a master');
  for (const node of nodes.slice(1)) {
    const busPort = await busPortOf(node);
    await seed.call('CLUSTER', 'MEET', '127.0.0.1', node.port, busPort);
  }
  await until(
    async () => (await Promise.all(clients.map(knownNodes))).every((known) => known === nodes.length),
    'every node knows every other',
  );
}

async function busPortOf(node: RedisServer): Promise<number> {
  const client = new Redis(node.port, '127.0.0.1');
  const [, port] = await client.config('GET', 'cluster-port');
  client.disconnect();
  return Number(port);
}

async function replicate(
  clients: readonly Redis[],
  masters: number,
  replicasPerMaster: number,
): Promise<void> {
  const ids = await Promise.all(clients.map((client) => client.cluster('MYID')));
  await Promise.all(
    clients.slice(masters).map(async (client, i) => {
      await client.call('CLUSTER', 'REPLICATE', String(ids[Math.floor(i / replicasPerMaster)]));
    }),
  );
}

async function knownNodes(client: Redis): Promise<number> {
  const state = await client.cluster('INFO');
  return Number(/cluster_known_nodes:(\d+)/.exec(state)?.[1]);
}

/** This node says that every slot is served, and by a master with all its replicas; its own data is complete. */
async function isHealthy(client: Redis, replicasPerMaster: number): Promise<boolean> {
  const [state, ranges, replication] = await Promise.all([
    client.cluster('INFO'),
    client.call('CLUSTER', 'SLOTS') as Promise<unknown[][]>,
    client.info('replication'),
  ]);
  return (
    state.includes('cluster_state:ok') &&
    ranges.every((range) => range.length === 3 + replicasPerMaster) &&
    !replication.includes('master_link_status:down')
  );
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited a minute in vain until ${what}`);
    await delay(20);
  }
}
