import type { DeliveryAccount } from 'redis-fanout';
import { type Caller, cleanUp, Library, ownRedis } from 'test-support';

import { publish, startService } from './support/system.js';

describe('GET /posts/{id}/delivery', () => {
  let api: Caller;
  let library: Library;

  beforeAll(async () => {
    const redis = await ownRedis();
    ({ api } = await startService(redis));
    library = await Library.open(redis);
  });

  afterAll(cleanUp);

  const delivery = async (id: string): Promise<DeliveryAccount> => {
    const answer = await api.get(`/posts/${id}/delivery`);
    expect(answer).toMatchObject({ status: 200 });
    return answer.body as DeliveryAccount;
  };

  it('is queued until a worker takes it, then delivering, then delivered with its account', async () => {
    const { client, fanout } = library;
    for (const reader of ['live-1', 'live-2', 'cold']) await api.put(`/users/${reader}/following/ada`);
    for (const reader of ['live-1', 'live-2']) await fanout.timelines.page(reader);
    const { id, createdAt } = await publish(api, 'ada');
    const queued = await delivery(id);
    expect(queued).toEqual({
      state: 'queued',
      acceptedAt: expect.any(String) as string,
      deliveredAt: null,
      pushed: 0,
      skippedInactive: 0,
      leftToPull: 0,
    });
    expect(Date.parse(queued.acceptedAt)).toBeGreaterThanOrEqual(Date.parse(createdAt));
    for (const outbox of fanout.outboxes) {
      await client.xgroup('CREATE', outbox, fanout.consumerGroup, '0', 'MKSTREAM');
      expect(await delivery(id)).toEqual(queued);
    }
    for (const outbox of fanout.outboxes) {
      await client.xreadgroup('GROUP', fanout.consumerGroup, 'a-worker', 'STREAMS', outbox, '>');
    }
    expect(await delivery(id)).toEqual({ ...queued, state: 'delivering' });
    await library.deliverAll();
    const delivered = await delivery(id);
    expect(delivered).toEqual({
      ...queued,
      state: 'delivered',
      deliveredAt: expect.any(String) as string,
      pushed: 2,
      skippedInactive: 1,
    });
    expect(Date.parse(delivered.deliveredAt ?? '')).toBeGreaterThanOrEqual(Date.parse(queued.acceptedAt));
    expect((await publish(api, 'ada')).id).not.toBe(id);
    expect(await delivery(id)).toEqual(delivered);
  });

  it('is delivered to nobody where nobody follows', async () => {
    const { id } = await publish(api, 'lonely');
    await library.deliverAll();
    expect(await delivery(id)).toMatchObject({
      state: 'delivered',
      pushed: 0,
      skippedInactive: 0,
      leftToPull: 0,
    });
  });

  it('counts those who will pull it', async () => {
    const redis = await ownRedis();
    const env = { FANOUT_PUSH_MAX_FOLLOWERS: '0' };
    const { api: pulling } = await startService(redis, env);
    const { deliverAll } = await Library.open(redis, { pushMaxFollowers: 0 }).then((opened) => ({
      deliverAll: () => opened.deliverAll(),
    }));
    for (let i = 0; i < 5; i++) await pulling.put(`/users/reader-${i}/following/ada`);
    const { id } = await publish(pulling, 'ada');
    await deliverAll();
    expect((await pulling.get(`/posts/${id}/delivery`)).body).toMatchObject({
      state: 'delivered',
      pushed: 0,
      skippedInactive: 0,
      leftToPull: 5,
    });
  });

  it('of a post that was edited on its way tells of the post', async () => {
    const { id } = await publish(api, 'editor');
    await api.sendJson('PATCH', `/posts/${id}`, { author: 'editor', text: 'y' });
    expect(await delivery(id)).toMatchObject({ state: 'queued' });
    await library.deliverAll();
    expect(await delivery(id)).toMatchObject({ state: 'delivered' });
  });
});
