import type { Fanout } from 'redis-fanout';
import { once } from 'node:events';
import { connect } from 'node:net';

import {
  type Caller,
  cleanUp,
  expectInvalid,
  expectProblem,
  Library,
  onCleanUp,
  type OwnService,
  ownRedis,
  until,
} from 'test-support';

import { EventStream } from './support/event-stream.js';
import { online, publish, startNotifier } from './support/system.js';
import { LiveSocket, refusal } from './support/web-socket.js';

describe('GET /ws', () => {
  let instance: OwnService;
  let api: Caller;
  let library: Library;
  let fanout: Fanout;

  beforeEach(async () => {
    const redis = await ownRedis();
    instance = await startNotifier(redis, { MAX_CONNECTIONS: '3' });
    ({ api } = instance);
    library = await Library.open(redis);
    ({ fanout } = library);
    await fanout.follows.follow('reader', 'ada');
  });

  afterEach(cleanUp);

  it('tells the same as the stream, in frames of JSON', async () => {
    const socket = await LiveSocket.open(api, 'reader', '&positions=1');
    const stream = await EventStream.open(api, 'reader');
    await socket.untilFrames(1);
    const post = await publish(library, 'ada', 'a \u{1f600} post');
    await stream.untilEvents(1);
    await fanout.posts.edit(post.id, 'ada', 'changed');
    await library.deliverAll();
    const { message } = await fanout.messages.send({ from: 'ada', to: 'reader', text: 'psst' });
    await stream.untilEvents(3);
    const [position, ...frames] = await socket.untilFrames(4);
    expect(position).toMatchObject({ event: 'position', data: {} });
    expect(frames).toEqual(stream.events.map(({ id, event, data }) => ({ id, event, data })));
    expect(frames[2]?.data).toMatchObject({ id: message.id, from: 'ada', to: 'reader', text: 'psst' });
  });

  it('tells a client that says nothing what happened since it connected', async () => {
    const socket = await LiveSocket.open(api, 'reader');
    const posts = [await publish(library, 'ada'), await publish(library, 'ada')];
    expect(await socket.untilFrames(2)).toMatchObject(posts.map((data) => ({ event: 'post', data })));
  });

  it.each(['the first frame', 'its address'])('goes on where %s says', async (where) => {
    const before = await EventStream.open(api, 'reader');
    const posts = [await publish(library, 'ada')];
    const [{ id = '' } = {}] = await before.untilEvents(1);
    for (let i = 0; i < 3; i++) posts.push(await publish(library, 'ada'));
    const socket = await LiveSocket.open(api, 'reader', where === 'its address' ? `&lastEventId=${id}` : '');
    if (where === 'the first frame') socket.socket.send(JSON.stringify({ resume: id }));
    await socket.untilFrames(3);
    posts.push(await publish(library, 'ada'));
    const frames = await socket.untilFrames(4);
    expect(frames).toMatchObject(posts.slice(1).map((data) => ({ event: 'post', data })));
  });

  it('tells to resync from a position that is none of ours, and goes on', async () => {
    const socket = await LiveSocket.open(api, 'reader');
    socket.socket.send(JSON.stringify({ resume: 'nonsense' }));
    await socket.untilFrames(1);
    const post = await publish(library, 'ada');
    expect(await socket.untilFrames(2)).toMatchObject([
      { event: 'resync', data: {} },
      { event: 'post', data: post },
    ]);
  });

  it.each([
    '',
    'x',
    '[]',
    '{}',
    'null',
    '{"resume":1}',
    '{"resume":"a","b":1}',
    Buffer.from('{"resume":"a"}'),
  ])('closes with 1002 after the frame %j', async (frame) => {
    const socket = await LiveSocket.open(api, 'reader');
    socket.socket.send(frame);
    expect(await socket.untilClosed()).toEqual({ code: 1002, reason: 'malformed' });
    await until(async () => (await online(library)).length === 0, 'nobody is online');
  });

  it('closes with 1002 where a resume comes later, and with 1009 where a frame is over 64 KiB', async () => {
    const [late, long] = [await LiveSocket.open(api, 'reader'), await LiveSocket.open(api, 'reader')];
    late.socket.send('{"resume":"a"}');
    await late.untilFrames(1);
    late.socket.send('{"resume":"a"}');
    expect(await late.untilClosed()).toEqual({ code: 1002, reason: 'resume comes first' });
    long.socket.send(' '.repeat(65_537));
    expect(await long.untilClosed()).toMatchObject({ code: 1009 });
  });

  it.each(['', '?user=', '?user=a%20b', '?user=a&user=b', '?user=a&positions=2'])(
    'refuses the query "%s" before the upgrade',
    async (query) => {
      expectInvalid(await refusal(api, `/ws${query}`, {}));
    },
  );

  it('refuses what is no handshake, and other paths', async () => {
    expectInvalid(await api.get('/ws?user=reader'));
    expectInvalid(await refusal(api, '/ws?user=reader', { upgrade: 'h2c' }));
    expectInvalid(await refusal(api, '/ws?user=reader', { 'sec-websocket-version': '8' }));
    expectInvalid(await refusal(api, '/ws?user=reader', { 'sec-websocket-key': 'short' }));
    expectProblem(await refusal(api, '/wss?user=reader', {}), 404, 'not-found');
    expect((await refusal(api, '/health/live', {})).status).toBe(200);
  });

  it('refuses connections beyond the limit before the upgrade, and gives each place back', async () => {
    const sockets = [];
    for (const user of ['a', 'b', 'c']) sockets.push(await LiveSocket.open(api, user));
    const refused = await refusal(api, '/ws?user=d', {});
    expectProblem(refused, 503, 'too-many-connections');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    for (const socket of sockets) socket.socket.close();
    await until(
      async () =>
        String((await api.get('/metrics')).body).includes('notifier_connections{service="notifier"} 0'),
      'all have gone',
    );
  });

  it('closes with 1002 where a resume comes too late, so that nothing is missed unseen', async () => {
    const socket = await LiveSocket.open(api, 'reader');
    await until(async () => (await online(library)).length === 1, 'it was not waited for any longer');
    socket.socket.send('{"resume":"000-0-0"}');
    expect(await socket.untilClosed()).toEqual({ code: 1002, reason: 'resume comes first' });
  });

  it('outlives an upgrade behind a request that is not answered yet', async () => {
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    const closed = once(socket, 'close');
    socket.on('error', () => undefined);
    const upgrade = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';
    socket.write(`GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n${upgrade}`);
    await closed;
    expect((await api.get('/health/live')).status).toBe(200);
  });

  it('closes refused connections, also of peers that keep their half open', async () => {
    const { hostname, port } = new URL(api.url);
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    onCleanUp(() => socket.destroy());
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    const headers = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
    socket.write(`GET /nowhere HTTP/1.1\r\nHost: x\r\n${headers}\r\n`);
    await once(socket, 'end');
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(await instance.service.stop()).toBe(0);
  });

  it('closes with 1001 at a shutdown', async () => {
    const sockets = [await LiveSocket.open(api, 'reader'), await LiveSocket.open(api, 'ada', '&positions=1')];
    expect(await instance.service.stop()).toBe(0);
    for (const socket of sockets) expect(await socket.untilClosed()).toMatchObject({ code: 1001 });
  });
});
