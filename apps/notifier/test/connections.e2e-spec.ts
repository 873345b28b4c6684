import { connect, type Socket } from 'node:net';

import { type Caller, cleanUp, expectProblem, Library, onCleanUp, ownRedis, until } from 'test-support';

import { EventStream } from './support/event-stream.js';
import { online, publish, startNotifier } from './support/system.js';

/** A connection that reads nothing. */
function openDeaf({ url }: Caller, user: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onCleanUp(() => socket.destroy());
  socket.on('error', () => undefined);
  socket.pause();
  socket.write(`GET /stream?user=${user} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  return socket;
}

describe('connections', () => {
  afterEach(cleanUp);

  it('beyond MAX_CONNECTIONS are 503, until one goes', async () => {
    const redis = await ownRedis();
    const library = await Library.open(redis);
    const { api } = await startNotifier(redis, { MAX_CONNECTIONS: '1' });
    const stream = await EventStream.open(api, 'ada');
    expectProblem(await api.get('/stream?user=bob'), 503, 'too-many-connections');
    expectProblem(await api.get('/stream?user=ada'), 503, 'too-many-connections');
    expect(await online(library)).toEqual(['ada']);
    expect((await api.get('/health/ready')).status).toBe(200);
    const post = await publish(library, 'ada');
    expect(await stream.untilEvents(1)).toMatchObject([{ data: post }]);
    stream.close();
    await until(async () => (await online(library)).length === 0, 'the first one has gone');
    await EventStream.open(api, 'bob');
  });

  it('of one user beyond MAX_CONNECTIONS_PER_USER are 503', async () => {
    const { api } = await startNotifier(await ownRedis(), { MAX_CONNECTIONS_PER_USER: '2' });
    const [first] = [await EventStream.open(api, 'ada'), await EventStream.open(api, 'ada')];
    const refused = await api.get('/stream?user=ada');
    expectProblem(refused, 503, 'too-many-connections');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    await EventStream.open(api, 'bob');
    first.close();
    await until(async () => {
      const again = new URL(`/stream?user=ada`, api.url);
      const { status, body } = await fetch(again);
      await body?.cancel();
      return status === 200;
    }, 'there is a place again');
  });

  it('that are too slow end at about 1 MiB, and hold up nobody', async () => {
    const redis = await ownRedis();
    const library = await Library.open(redis);
    const { api } = await startNotifier(redis);
    const { fanout } = library;
    await fanout.follows.follow('fast', 'ada');
    await fanout.follows.follow('slow', 'ada');
    const fast = await EventStream.open(api, 'fast');
    openDeaf(api, 'slow');
    await until(async () => (await online(library)).includes('slow'), 'both are connected');
    const text = '\u{1f600}'.repeat(10_000);
    let published = 0;
    // The system's buffers hold some megabytes before anything waits in the process.
    await until(async () => {
      for (let i = 0; i < 20; i++) await publish(library, 'ada', text);
      published += 20;
      return !(await online(library)).includes('slow');
    }, 'the slow one is closed');
    expect((await fast.untilEvents(published)).map(({ event }) => event)).toEqual(
      new Array(published).fill('post'),
    );
    expect(fast.ended).toBe(false);
    expect(await online(library)).toEqual(['fast']);
  });

  it('are told `bye` at a shutdown, with the time to come back, and end; nobody is online then', async () => {
    const redis = await ownRedis();
    const library = await Library.open(redis);
    const { service, api } = await startNotifier(redis);
    const users = ['ada', 'ada', 'bob', 'cid'];
    const streams = await Promise.all(users.map((user) => EventStream.open(api, user)));
    expect(await service.stop()).toBe(0);
    for (const stream of streams) {
      await until(() => stream.ended, 'it has ended');
      expect(stream.response.complete).toBe(true);
      expect(stream.events).toEqual([
        { id: undefined, event: 'bye', retry: expect.stringMatching(/^[1-9]\d*$/) as string, data: {} },
      ]);
    }
    await until(async () => (await online(library)).length === 0, 'nobody is online');
  });

  it('that take nothing do not hold a shutdown up', async () => {
    const redis = await ownRedis();
    const library = await Library.open(redis);
    const { service, api } = await startNotifier(redis);
    await library.fanout.follows.follow('slow', 'ada');
    openDeaf(api, 'slow');
    await until(async () => (await online(library)).includes('slow'), 'it is connected');
    const text = '\u{1f600}'.repeat(10_000);
    for (let i = 0; i < 100; i++) await publish(library, 'ada', text);
    expect(await service.stop()).toBe(0);
  });

  it('need not be there for a shutdown', async () => {
    const { service } = await startNotifier(await ownRedis());
    expect(await service.stop()).toBe(0);
  });
});

describe('a subscription that breaks', () => {
  afterEach(cleanUp);

  it('is opened again, and what came meanwhile is read from the history', async () => {
    const redis = await ownRedis();
    const library = await Library.open(redis);
    const { api } = await startNotifier(redis);
    await library.fanout.follows.follow('reader', 'ada');
    const stream = await EventStream.open(api, 'reader');
    const posts = [await publish(library, 'ada')];
    await stream.untilEvents(1);
    for (let round = 0; round < 3; round++) {
      await until(
        async () => Number(await library.client.call('CLIENT', 'KILL', 'TYPE', 'pubsub')) > 0,
        'it was subscribed',
      );
      for (let i = 0; i < 20; i++) posts.push(await publish(library, 'ada'));
    }
    await stream.untilEvents(posts.length);
    expect(stream.events.map(({ event, data }) => [event, data])).toEqual(
      posts.map((post) => ['post', post]),
    );
    await until(async () => (await api.get('/health/ready')).status === 200, 'it is ready');
  });

  it('and a Redis that lost everything do not lose the connected readers', async () => {
    const redis = await ownRedis();
    const { api } = await startNotifier(redis, { FANOUT_PARTITIONS: '8' });
    const stream = await EventStream.open(api, 'ada');
    await publish(await Library.open(redis), 'ada');
    await stream.untilEvents(1);
    await redis.stop();
    await until(async () => (await api.get('/health/ready')).status === 503, 'it is not ready');
    expect((await api.get('/health/live')).status).toBe(200);
    expectProblem(await api.get('/stream?user=bob'), 503, 'storage-unavailable');
    const again = await ownRedis({ port: redis.port });
    await until(async () => (await api.get('/health/ready')).status === 200, 'it is ready again');
    // What happened since then is not known any more.
    expect((await stream.untilEvents(2)).map(({ event }) => event)).toEqual(['post', 'resync']);
    const library = await Library.open(again);
    await until(async () => (await online(library)).includes('ada'), 'the reader is noted again');
    const post = await publish(library, 'ada');
    const events = await stream.untilEvents(3);
    expect(events.at(-1)).toMatchObject({ event: 'post', data: post });
  });
});
