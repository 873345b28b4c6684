import calculateSlot from 'cluster-key-slot';
import { type RedisCluster, startRedisCluster } from 'embedded-redis';
import { type Cluster, Redis } from 'ioredis';

import { StorageUnavailableError } from '../../src/index.js';
import { callsOf, channelsOf, Ear } from '../support/ear.js';
import { cleanUp, clientOf, onCleanUp, until } from '../support/faults.js';

// Their slots lie on all three masters.
const SHARDED = ['a', 'b', 'c', 'd', 'e', 'f'].map((tag) => `{${tag}}:x`);

let cluster: RedisCluster;
let client: Cluster;
afterEach(cleanUp);

/** A connection to one node. */
function nodeClient(index: number): Redis {
  const node = new Redis(cluster.nodes[index]!.url);
  onCleanUp(() => {
    node.disconnect();
  });
  return node;
}

/** The masters by number, in the order of their slots. */
function masterOf(channel: string): number {
  return Math.floor((calculateSlot(channel) * 3) / 16_384);
}

async function arrivesOnAll(ear: Ear, text: string): Promise<void> {
  await Promise.all(SHARDED.map((channel) => client.spublish(channel, text)));
  await until(
    () => SHARDED.every((channel) => ear.heard.includes(`${channel} ${text}`)),
    `${text} has arrived on all channels`,
  );
}

describe('Channels on a cluster', () => {
  beforeAll(async () => {
    cluster = await startRedisCluster({ masters: 3 });
  });
  afterAll(async () => {
    await cluster.stop();
  });
  beforeEach(() => {
    client = clientOf(cluster.url) as Cluster;
  });

  it('hear sharded channels of all nodes, and classic ones and patterns wherever they are published', async () => {
    expect(new Set(SHARDED.map(masterOf)).size).toBe(3);
    const channels = channelsOf(client);
    const [sharded, classic, pattern] = [new Ear(), new Ear(), new Ear()];
    await Promise.all(SHARDED.map(async (channel) => channels.subscribe('sharded', channel, sharded)));
    await channels.subscribe('classic', SHARDED[0]!, classic);
    await channels.subscribe('pattern', '{?}:x', pattern);
    for (const text of ['1', '2', '3']) await arrivesOnAll(sharded, text);
    for (const index of [0, 1, 2]) await nodeClient(index).publish(SHARDED[0]!, `from ${index}`);
    await until(() => classic.heard.length >= 3 && pattern.heard.length >= 3, 'all nodes were heard');
    expect(sharded.heard.filter((line) => line.startsWith('{c}'))).toEqual(['{c}:x 1', '{c}:x 2', '{c}:x 3']);
    expect(sharded.heard).toHaveLength(3 * SHARDED.length);
    expect(classic.heard.toSorted()).toEqual(['{a}:x from 0', '{a}:x from 1', '{a}:x from 2']);
    expect(pattern.heard.toSorted()).toEqual(classic.heard.toSorted());
    for (const index of [0, 1, 2]) {
      await until(
        async () => (await callsOf(nodeClient(index), 'spublish')) > 20,
        'several probes have come',
      );
    }
    for (const ear of [sharded, classic, pattern]) expect([ear.gaps, ear.errors]).toEqual([[], []]);
  });

  it('recover what was heard at one node, and leave the rest alone', async () => {
    const channels = channelsOf(client);
    const all = new Ear();
    const ears = await Promise.all(
      SHARDED.map(async (channel) => {
        const ear = new Ear();
        await channels.subscribe('sharded', channel, ear);
        await channels.subscribe('sharded', channel, all);
        return ear;
      }),
    );
    for (const round of [0, 1, 2]) {
      await nodeClient(round).client('KILL', 'TYPE', 'PUBSUB');
      await until(() => all.gaps.length > round, 'the gap is told');
      await arrivesOnAll(all, `round ${round}`);
      const told = ears.map(({ gaps }) => gaps.length);
      expect(told).toEqual(SHARDED.map((channel) => Number(masterOf(channel) <= round)));
    }
    expect(all.gaps).toHaveLength(3);
  });

  it('recover classic channels, at whichever node they were heard', async () => {
    const channels = channelsOf(client);
    const ear = new Ear();
    await channels.subscribe('classic', 'x', ear);
    await channels.subscribe('pattern', 'x*', ear);
    const nodes = [0, 1, 2].map(nodeClient);
    for (let round = 1; round <= 5; round++) {
      const counts = await Promise.all(nodes.map(async (node) => node.pubsub('NUMPAT')));
      await nodes[counts.findIndex((count) => Number(count) > 0)]!.client('KILL', 'TYPE', 'PUBSUB');
      await until(() => ear.gaps.length === round, 'the gap is told');
      for (const node of nodes) await node.publish('x', `round ${round}`);
      await until(() => ear.heard.length === 6 * round, 'messages are heard from all nodes');
    }
    expect(ear.gaps).toHaveLength(5);
  });

  it('hear classic channels at another node where theirs does not answer any more', async () => {
    const channels = channelsOf(client);
    const ear = new Ear();
    await channels.subscribe('pattern', 'x*', ear);
    const counts = await Promise.all([0, 1, 2].map(async (index) => nodeClient(index).pubsub('NUMPAT')));
    const hearing = counts.findIndex((count) => Number(count) > 0);
    cluster.nodes[hearing]!.signal('SIGSTOP');
    onCleanUp(() => {
      cluster.nodes[hearing]!.signal('SIGCONT');
    });
    await until(() => ear.gaps.length > 0, 'the gap is told');
    await nodeClient((hearing + 1) % 3).publish('x', 'again');
    await until(() => ear.heard.length > 0, 'messages are heard again');
    expect(ear.gaps).toHaveLength(1);
  });

  it('notice a node that does not answer any more, and recover when it does', async () => {
    const channels = channelsOf(client);
    const [ear, other] = [new Ear(), new Ear()];
    const silent = SHARDED.find((channel) => masterOf(channel) === 1)!;
    const sound = SHARDED.find((channel) => masterOf(channel) === 2)!;
    await channels.subscribe('sharded', silent, ear);
    await channels.subscribe('sharded', sound, other);
    const stoppedMs = Date.now();
    cluster.nodes[1]!.signal('SIGSTOP');
    const goOn = (): void => {
      cluster.nodes[1]!.signal('SIGCONT');
    };
    onCleanUp(goOn);
    await until(() => ear.errors.length > 0, 'the silence is noticed');
    await client.spublish(sound, 'meanwhile');
    await until(() => other.heard.length > 0, 'the others hear on');
    goOn();
    await until(() => ear.gaps.length > 0, 'the gap is told');
    await client.spublish(silent, 'again');
    await until(() => ear.heard.length > 0, 'messages are heard again');
    expect(ear.gaps).toHaveLength(1);
    expect(ear.gaps[0]!.sinceMs).toBeLessThanOrEqual(stoppedMs);
    expect(other.gaps).toEqual([]);
  });

  it('follow a slot that moves to another node', async () => {
    // Not by probes, but as the server says so.
    const channels = channelsOf(client, 60_000);
    const ear = new Ear();
    for (const channel of SHARDED) await channels.subscribe('sharded', channel, ear);
    const slot = calculateSlot('{a}:x');
    const nodes = [0, 1, 2].map(nodeClient);
    const ids = await Promise.all(nodes.map((node) => node.call('CLUSTER', 'MYID')));
    const owner = masterOf('{a}:x');
    const target = (owner + 1) % 3;
    for (const index of [target, owner, 3 - owner - target]) {
      await nodes[index]!.call('CLUSTER', 'SETSLOT', slot, 'NODE', String(ids[target]));
    }
    await until(() => ear.gaps.length > 0, 'the gap is told');
    await arrivesOnAll(ear, 'again');
    expect(ear.gaps).toHaveLength(1);
    expect(ear.heard).toHaveLength(SHARDED.length);
    // Who subscribes later finds it there, too, though their client still takes it to be where it was.
    const stale = clientOf(cluster.url) as Cluster;
    await stale.ping();
    stale.slots[slot] = [
      ...(stale.slots[calculateSlot(SHARDED.find((c) => masterOf(c) === owner && c !== '{a}:x') ?? '')] ??
        []),
    ];
    const later = new Ear();
    await channelsOf(stale).subscribe('sharded', '{a}:x', later);
    expect(await client.spublish('{a}:x', 'later')).toBe(2);
    await until(() => later.heard.length > 0, 'it is heard');
  });

  it('refuse a subscription where the cluster is away', async () => {
    const lost = clientOf('redis://127.0.0.1:1,redis://127.0.0.1:2') as Cluster;
    const channels = channelsOf(lost);
    for (const kind of ['classic', 'sharded'] as const) {
      await expect(channels.subscribe(kind, '{a}', new Ear())).rejects.toThrow(StorageUnavailableError);
    }
  });
});

describe('Channels on a cluster with replicas', () => {
  it('follow a slot to the replica of a master that has died', async () => {
    cluster = await startRedisCluster({ masters: 3, replicasPerMaster: 1 });
    const { stop, nodes } = cluster;
    onCleanUp(stop);
    client = clientOf(cluster.url) as Cluster;
    const channels = channelsOf(client);
    const [ear, classic] = [new Ear(), new Ear()];
    for (const channel of SHARDED) await channels.subscribe('sharded', channel, ear);
    await channels.subscribe('classic', 'x', classic);
    nodes[0]!.signal('SIGKILL');
    await until(() => ear.gaps.length > 0, 'the gap is told', 50_000);
    await arrivesOnAll(ear, 'again');
    await client.publish('x', 'again');
    await until(() => classic.heard.length > 0, 'the classic channel is heard again');
    expect(ear.gaps).toHaveLength(1);
    expect(classic.gaps.length).toBeLessThanOrEqual(1);
  });
});
