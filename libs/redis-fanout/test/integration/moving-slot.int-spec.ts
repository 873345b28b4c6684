import calculateSlot from 'cluster-key-slot';
import type { Cluster, Redis } from 'ioredis';

import { entriesOf } from '../support/entries.js';
import { deliverAll, Fixture, wholeTimeline } from '../support/fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.cluster();
});
afterAll(async () => {
  await fixture.stop();
});

async function idOf(node: Redis): Promise<string> {
  return (await node.call('CLUSTER', 'MYID')) as string;
}

describe('a partition whose slot is moving to another node', () => {
  it('takes no delivery halfway, and everything once when the slot has moved', async () => {
    const fanout = await fixture.open({ partitions: 1 });
    const [outbox = ''] = fanout.outboxes;
    const slot = calculateSlot(outbox);
    // All the keys that a delivery names are there, so that none of them is missed.
    await fixture.client.sadd(outbox.replace(/outbox$/, 'pulled'), 'somebody');
    await fanout.presence.attach('notifier', ['somebody']);
    await fanout.presence.renew('notifier');
    for (const reader of ['a', 'b']) {
      await fanout.follows.follow(reader, 'ann');
      await fanout.timelines.page(reader);
    }
    const first = await fanout.posts.publish({ author: 'ann', text: 'before' });
    await deliverAll(fanout, fixture.client);
    const { post } = await fanout.posts.publish({ author: 'ann', text: 'meanwhile' });

    const nodes = (fixture.client as Cluster).nodes('master');
    const counts = await Promise.all(nodes.map((node) => node.call('CLUSTER', 'COUNTKEYSINSLOT', slot)));
    const source = nodes[counts.findIndex((count) => Number(count) > 0)]!;
    const target = nodes.find((node) => node !== source)!;
    await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', await idOf(source));
    await source.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', await idOf(target));
    const keys = (await source.call('CLUSTER', 'GETKEYSINSLOT', slot, 1000)) as string[];
    const move = async (some: readonly string[]): Promise<void> => {
      for (const key of some) await source.call('MIGRATE', '127.0.0.1', target.options.port!, key, 0, 5000);
    };
    // What a delivery names has moved; timelines and followers have not.
    const named = keys.filter((key) => /:(newest-entry|deliveries|last-id|pulled|online)$/.test(key));
    expect(named).toHaveLength(5);
    await move(named);

    const delivery = fanout.deliverer.deliver([{ kind: 'published', id: post.id, author: 'ann' }]);
    let isDelivered = false;
    const noted = delivery.then(() => {
      isDelivered = true;
    });

    await expect(fanout.posts.publish({ author: 'ann', text: 'refused' })).rejects.toHaveProperty(
      'retryable',
      true,
    );
    expect(isDelivered).toBe(false);

    await move(keys.filter((key) => !named.includes(key)));
    for (const node of nodes) await node.call('CLUSTER', 'SETSLOT', slot, 'NODE', await idOf(target));
    await noted;
    for (const reader of ['a', 'b']) {
      expect(await wholeTimeline(fanout, reader, 10)).toEqual([post.id, first.post.id]);
    }
    for (const key of await fixture.allKeys('*:timeline:*')) {
      expect(await entriesOf(fixture.client, key)).toEqual(['0', first.post.id, post.id]);
    }
  });
});
