import { type RedisCluster, startRedisCluster } from 'embedded-redis';
import { Cluster, Redis } from 'ioredis';

import { encodeMessage, type SubscriptionGap } from '../src/index.js';
import { cleanUp, listen, range, runCleanups, track, until } from './support.js';

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
const channels = ['a', 'b', 'c', 'd', 'e', 'f'].map((tag) => `{${tag}}:live`);

async function arrivesOnAll(seen: string[], number: number): Promise<void> {
  for (const channel of channels) {
    await client.spublish(channel, encodeMessage('counted', number));
  }
  await until(
    () => channels.every((channel) => seen.includes(`${channel} ${number}`)),
    `${number} has arrived on all channels`,
  );
}

describe('RedisPubSubServer on a cluster', () => {
  it('receives from all masters, in order, and reports no gap while nothing happens', async () => {
    const seen: string[] = [];
    const gaps: SubscriptionGap[] = [];
    const server = await listen({ client, channels }, (number, context) =>
      seen.push(`${context.getChannel()} ${number}`),
    );
    server.gaps.subscribe((gap) => gaps.push(gap));
    for (const number of range(1, 100)) await arrivesOnAll(seen, number);
    expect(seen.filter((line) => line.startsWith('{c}'))).toEqual(
      range(1, 100).map((number) => `{c}:live ${number}`),
    );
    const started = Date.now();
    await until(() => Date.now() - started > 1500, 'several probes have come and gone');
    expect(gaps).toEqual([]);
    expect(server.isReady).toBe(true);
  });

  it('subscribes again when the connection to one node is lost, and reports the gap', async () => {
    const seen: string[] = [];
    const gaps: SubscriptionGap[] = [];
    const server = await listen({ client, channels }, (number, context) =>
      seen.push(`${context.getChannel()} ${number}`),
    );
    server.gaps.subscribe((gap) => gaps.push(gap));
    for (const [round, node] of cluster.nodes.entries()) {
      const direct = track(new Redis(node.url));
      await direct.client('KILL', 'TYPE', 'PUBSUB');
      await until(() => gaps.length > round, 'the gap is reported');
      await until(() => server.isReady, 'it is subscribed');
      await arrivesOnAll(seen, round);
    }
    expect(gaps.every(({ cause }) => cause === 'lost')).toBe(true);
  });

  it('notices a node that does not answer any more', async () => {
    const seen: string[] = [];
    const gaps: SubscriptionGap[] = [];
    const server = await listen({ client, channels, probeTimeoutMs: 400 }, (number, context) =>
      seen.push(`${context.getChannel()} ${number}`),
    );
    server.gaps.subscribe((gap) => gaps.push(gap));
    const node = cluster.nodes[1]!;
    node.signal('SIGSTOP');
    cleanUp(() => {
      node.signal('SIGCONT');
    });
    await until(() => !server.isReady, 'the silence is noticed');
    node.signal('SIGCONT');
    await until(() => gaps.length > 0, 'the gap is reported');
    await until(() => server.isReady, 'it is subscribed');
    await arrivesOnAll(seen, 1);
    expect(gaps[0]!.channels).toEqual(channels);
  });

  it('follows a slot that moves to another node', async () => {
    const seen: string[] = [];
    const gaps: SubscriptionGap[] = [];
    const server = await listen({ client, channels }, (number, context) =>
      seen.push(`${context.getChannel()} ${number}`),
    );
    server.gaps.subscribe((gap) => gaps.push(gap));
    const nodes = cluster.nodes.map(({ url }) => track(new Redis(url)));
    const slot = await nodes[0]!.cluster('KEYSLOT', '{a}:live');
    const ids = await Promise.all(nodes.map((node) => node.cluster('MYID')));
    const owner = Math.floor((slot * 3) / 16_384);
    const target = (owner + 1) % 3;
    const order = [target, owner, 3 - owner - target];
    for (const index of order) await nodes[index]!.cluster('SETSLOT', slot, 'NODE', String(ids[target]));
    await until(() => gaps.length > 0, 'the gap is reported');
    await until(() => server.isReady, 'it is subscribed');
    await arrivesOnAll(seen, 5);
    expect(gaps[0]!.cause).toBe('lost');
  });
});
