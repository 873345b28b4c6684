import { type RedisCluster, startRedisCluster } from 'embedded-redis';
import type { Cluster } from 'ioredis';

import type { Gap, PubSubOptions, PubSubStrategy } from '../../src/index.js';
import { openPubSub } from '../../src/strategies/pubsub/pubsub.js';
import { cleanUp, clientOf, onCleanUp, until } from '../support/faults.js';

let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster({ masters: 3 });
});
afterAll(async () => {
  await cluster.stop();
});
afterEach(cleanUp);

const SOURCES = Array.from({ length: 20 }, (_, n) => `source-${n}`);

async function open(options: Omit<PubSubOptions, 'client'> = {}): Promise<PubSubStrategy<number>> {
  const pubSub = await openPubSub<number>({ client: clientOf(cluster.url), ...options });
  onCleanUp(async () => pubSub.close());
  return pubSub;
}

/** How many connections for subscriptions each node has. */
async function subscribers(): Promise<number[]> {
  const client = clientOf(cluster.url) as Cluster;
  await client.ping();
  const lists = await Promise.all(
    client.nodes('master').map(async (node) => String(await node.client('LIST'))),
  );
  return lists.map((list) => list.match(/ name=redis-fanout:/g)?.length ?? 0);
}

describe('Pub/Sub on a cluster', () => {
  it('spreads the sources over the nodes, and keeps their order', async () => {
    const [one, other] = [await open({ prefix: 'spread' }), await open({ prefix: 'spread' })];
    for (const source of SOURCES) await one.subscribe('ann', source);
    const heard = new Map<string, number[]>(SOURCES.map((source) => [source, []]));
    const gaps: Gap[] = [];
    await one.listen('ann', ({ source, payload }) => void heard.get(source)?.push(payload), {
      onGap: (gap) => gaps.push(gap),
    });
    expect(await subscribers()).toEqual([1, 1, 1]);
    for (let n = 0; n < 20; n++) {
      const published = await Promise.all(SOURCES.map(async (source) => other.publish(source, n)));
      expect(published.every(({ receivers }) => receivers === 1)).toBe(true);
    }
    await until(() => [...heard.values()].every(({ length }) => length === 20), 'everything is heard');
    const expected = Array.from({ length: 20 }, (_, n) => n);
    expect([...heard.values()]).toEqual(SOURCES.map(() => expected));
    expect(gaps).toEqual([]);
  });

  it('has patterns where it is not sharded, keeps the order, and does not count receivers', async () => {
    const options = { prefix: 'classic', sharded: false };
    const [one, other] = [await open(options), await open(options)];
    await one.subscribe('ann', 'source-0');
    await one.subscribePattern('bob', 'source-*');
    const [ann, bob] = [[], []] as [number[], number[]];
    await one.listen('ann', ({ payload }) => void ann.push(payload));
    await one.listen('bob', ({ payload }) => void bob.push(payload));
    expect((await subscribers()).toSorted()).toEqual([0, 0, 1]);
    for (let n = 0; n < 300; n++) {
      expect(await other.publish('source-0', n)).toMatchObject({ receivers: null });
    }
    await until(() => ann.length === 300 && bob.length === 300, 'everything is heard');
    expect([ann, bob]).toEqual([ann.toSorted((x, y) => x - y), ann]);
  });

  it('refuses patterns where it is sharded, as it is unless set otherwise', async () => {
    const pubSub = await open();
    await expect(pubSub.subscribePattern('ann', '*')).rejects.toMatchObject({
      operation: 'subscribePattern',
    });
  });
});
