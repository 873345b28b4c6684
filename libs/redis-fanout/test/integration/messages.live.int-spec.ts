import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

import { type RedisServer, startRedis } from 'embedded-redis';
import type { Redis } from 'ioredis';

import { connectRedis, Fanout, partitionOfUser, type RedisClient } from '../../src/index.js';
import { cleanUp, clientOf, onCleanUp, until } from '../support/faults.js';
import { storedHistory } from '../support/history.js';
import { RoundTrips } from '../support/round-trips.js';

let server: RedisServer;
let client: Redis;
let fanout: Fanout;
afterEach(cleanUp);
beforeEach(async () => {
  server = await startRedis();
  onCleanUp(server.stop);
  client = clientOf(server.url) as Redis;
  fanout = await Fanout.open({ client, partitions: 4 });
});

const send = async (to: string, text = 'x'): Promise<string> => {
  const { message } = await fanout.messages.send({ from: 'ann', to, text });
  return `${message.delivered} ${message.id}`;
};

/** What a notifier hears, until the end of the test. */
async function hear(notifier: string): Promise<unknown[]> {
  const heard: unknown[] = [];
  const subscriber = clientOf(server.url) as Redis;
  subscriber.on('smessage', (_channel: string, text: string) => {
    heard.push((JSON.parse(text) as { data: unknown }).data);
  });
  for (const channel of fanout.presence.channels(notifier)) await subscriber.ssubscribe(channel);
  await fanout.presence.renew(notifier);
  return heard;
}

describe('a direct message', () => {
  it('is told to every notifier that its recipient is connected to, in order, and is in the inbox all the same', async () => {
    const both = [await hear('n1'), await hear('n2')];
    const nobody = await hear('n3');
    for (const notifier of ['n1', 'n2']) await fanout.presence.attach(notifier, ['bob']);
    await fanout.presence.attach('n3', ['ann', 'cid']);
    const sent = [await send('bob'), await send('dan'), await send('bob')];
    expect(sent.map((text) => text.slice(0, -20))).toEqual(['live', 'inbox', 'live']);
    const ids = sent.map((text) => text.slice(-19));
    const history = await storedHistory(client, deliveriesOf('bob'));
    const told = history.filter(({ text }) => text.endsWith(' bob'));
    expect(told.map(({ text }) => text)).toEqual([ids[0], ids[2]].map((id) => `message ${id}ann bob`));
    const events = told.map(({ place }, i) => ({
      event: `${String(partitionOfUser('bob', 4)).padStart(3, '0')}-${place}`,
      kind: 'message',
      id: ids[2 * i],
      readers: ['bob'],
    }));
    for (const heard of both) {
      await until(() => heard.length >= 2, 'both are heard');
      expect(heard).toMatchObject(events);
    }
    const last = await send('cid');
    await until(() => nobody.length > 0, 'the third is told something, too');
    expect(nobody).toMatchObject([{ id: last.slice(-19), readers: ['cid'] }]);
    expect((await fanout.messages.inbox('bob')).items.map(({ id }) => id)).toEqual([ids[0], ids[2]]);
  });

  it('says again how it was delivered when it is repeated', async () => {
    const draft = { from: 'ann', to: 'bob', text: 'x' };
    const inbox = await fanout.messages.send({ ...draft, idempotencyKey: 'inbox' });
    await hear('n1');
    await fanout.presence.attach('n1', ['bob']);
    const live = await fanout.messages.send({ ...draft, requestId: 'live' });
    await fanout.presence.detach('n1', ['bob']);
    expect([inbox.message.delivered, live.message.delivered]).toEqual(['inbox', 'live']);
    expect(await fanout.messages.send({ ...draft, idempotencyKey: 'inbox' })).toEqual({
      ...inbox,
      replayed: true,
    });
    expect(await fanout.messages.send({ ...draft, requestId: 'live' })).toEqual({ ...live, replayed: true });
  });

  it('is for the inbox alone where the notifier has died', async () => {
    await hear('n1');
    await fanout.presence.attach('n1', ['bob']);
    expect(await send('bob')).toMatch(/^live /);
    await client.del(...(await client.keys('*:notifier:n1')));
    expect(await send('bob')).toMatch(/^inbox /);
  });

  it('is kept in the history of its partition, which is bounded', async () => {
    await send('bob');
    const deliveries = deliveriesOf('bob');
    const pipeline = client.pipeline();
    for (let i = 0; i < 12_000; i++) pipeline.xadd(deliveries, '*', 'events', 'x');
    await pipeline.exec();
    await send('bob');
    expect(await client.xlen(deliveries)).toBeLessThan(10_500);
    expect((await storedHistory(client, deliveries)).at(-1)?.text).toMatch(/^message \d+ann bob$/);
  });

  it('is there once though the answer was lost, and the call sent again', async () => {
    const { url, loseAnswer, lost } = await losingAnswers(server.port);
    const unlucky = await Fanout.open({ client: clientOf(url) });
    const ids: string[] = [];
    for (const [idempotencyKey, answer] of [
      [undefined, 1],
      // That of the claim, and that of the message.
      ['key', 1],
      ['other key', 2],
    ] as const) {
      loseAnswer(answer);
      const { message } = await unlucky.messages.send({
        from: 'ann',
        to: 'bob',
        text: 'x',
        ...(idempotencyKey !== undefined && { idempotencyKey }),
      });
      ids.push(message.id);
    }
    expect(lost()).toBe(3);
    expect((await fanout.messages.inbox('bob')).items.map(({ id }) => id)).toEqual(ids);
    expect(await client.xlen(deliveriesOf('bob'))).toBe(3);
  });

  it('is refused where Redis is out of memory, and what was read can still be taken out', async () => {
    const kept = (await send('bob')).slice(-19);
    await client.config('SET', 'maxmemory', 1);
    for (const idempotencyKey of [undefined, 'key']) {
      const draft = { from: 'ann', to: 'bob', text: 'x' };
      const sending = fanout.messages.send({
        ...draft,
        ...(idempotencyKey !== undefined && { idempotencyKey }),
      });
      await expect(sending).rejects.toMatchObject({ name: 'StorageUnavailableError', retryable: true });
    }
    expect(await fanout.messages.inbox('bob')).toMatchObject({ items: [{ id: kept }], unread: { ann: 1 } });
    expect(await fanout.messages.find('bob', [kept])).toHaveLength(1);
    await fanout.messages.markRead('bob', kept);
    expect(await fanout.messages.inbox('bob')).toEqual({ items: [], unread: {}, nextCursor: null });
    await client.config('SET', 'maxmemory', 0);
    expect(
      await fanout.messages.send({ from: 'ann', to: 'bob', text: 'x', idempotencyKey: 'key' }),
    ).toMatchObject({
      replayed: false,
    });
  });
});

describe('the cost', () => {
  it('of sending, reading, looking and marking is one round trip each, and one more for a key', async () => {
    const counter = await RoundTrips.to(server.port);
    onCleanUp(() => {
      counter.stop();
    });
    const counted: RedisClient = connectRedis(counter.url);
    onCleanUp(() => {
      counted.disconnect();
    });
    const { messages } = await Fanout.open({ client: counted });
    const draft = { from: 'ann', to: 'bob', text: 'x' };
    const ids: string[] = [];
    expect(
      await counter.during(async () => {
        ids.push((await messages.send(draft)).message.id);
      }),
    ).toBe(1);
    expect(await counter.during(async () => messages.send({ ...draft, idempotencyKey: 'key' }))).toBe(2);
    for (let i = 0; i < 300; i++) ids.push((await messages.send(draft)).message.id);
    expect(await counter.during(async () => messages.inbox('bob', { limit: 100 }))).toBe(1);
    expect(await counter.during(async () => messages.find('bob', ids))).toBe(1);
    expect(await counter.during(async () => messages.markRead('bob', ids[200] ?? ''))).toBe(1);
  });
});

/** The stream of a user's partition, of four. */
function deliveriesOf(user: string): string {
  const outbox = fanout.outboxes[partitionOfUser(user, 4)] ?? '';
  return outbox.replace(/outbox$/, 'deliveries');
}

/** Stands between a client and its server, and can lose one of the next answers with the connection. */
async function losingAnswers(
  port: number,
): Promise<{ url: string; loseAnswer: (nth: number) => void; lost: () => number }> {
  let untilLoss = 0;
  let lost = 0;
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined));
    near.pipe(far);
    far.on('data', (answer) => {
      if (untilLoss > 0 && --untilLoss === 0) {
        lost++;
        near.destroy();
      } else {
        near.write(answer);
      }
    });
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onCleanUp(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  return {
    url: `redis://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    loseAnswer: (nth) => {
      untilLoss = nth;
    },
    lost: () => lost,
  };
}
