import type { Fanout } from 'redis-fanout';
import { type Caller, cleanUp, expectInvalid, Library, ownRedis, until } from 'test-support';

import { EventStream, type ReceivedEvent } from './support/event-stream.js';
import { online, publish, startNotifier } from './support/system.js';

const kindsOf = (events: readonly ReceivedEvent[]): (string | undefined)[] =>
  events.map(({ event }) => event);

describe('GET /stream', () => {
  let api: Caller;
  let other: Caller;
  let library: Library;
  let fanout: Fanout;

  beforeEach(async () => {
    const redis = await ownRedis();
    ({ api } = await startNotifier(redis));
    ({ api: other } = await startNotifier(redis));
    library = await Library.open(redis);
    ({ fanout } = library);
    await fanout.follows.follow('reader', 'ada');
  });

  afterEach(cleanUp);

  it('begins at once, as a stream of events that nobody keeps', async () => {
    const { response } = await EventStream.open(api, 'reader');
    expect(response.headers).toMatchObject({
      'content-type': expect.stringMatching(/^text\/event-stream\b/) as unknown,
      'cache-control': 'no-store',
    });
    expect(await online(library)).toEqual(['reader']);
  });

  it('tells the follower and the author of a post, its edit and its deletion, in order, each with an id', async () => {
    const streams = [await EventStream.open(api, 'reader'), await EventStream.open(other, 'ada')];
    const post = await publish(library, 'ada', 'line\n\nline \u{1f600}\r\u2028');
    // An event shows the post as it is when it is told: only then does it change.
    for (const stream of streams) await stream.untilEvents(1);
    const edited = await fanout.posts.edit(post.id, 'ada', 'changed');
    await library.deliverAll();
    for (const stream of streams) await stream.untilEvents(2);
    await fanout.posts.delete(post.id, 'ada');
    await library.deliverAll();
    for (const stream of streams) {
      const events = await stream.untilEvents(3);
      expect(events).toMatchObject([
        { event: 'post', data: post },
        { event: 'edited', data: edited },
        { event: 'deleted', data: { id: post.id } },
      ]);
      const ids = events.map(({ id }) => id);
      expect(ids.every((id) => id !== undefined && id !== '')).toBe(true);
      expect(new Set(ids).size).toBe(3);
    }
  });

  it('tells many posts of several authors, each once, and those of an author in order', async () => {
    const authors = ['ada', 'bob', 'cid'];
    for (const author of authors) await fanout.follows.follow('reader', author);
    const stream = await EventStream.open(api, 'reader');
    const ids: string[] = [];
    for (let i = 0; i < 300; i++) {
      ids.push((await fanout.posts.publish({ author: authors[i % 3] ?? '', text: 'x' })).post.id);
    }
    await library.deliverAll();
    const posts = (await stream.untilEvents(300)).map(({ data }) => data as { id: string; author: string });
    expect(posts.map(({ id }) => id).sort()).toEqual(ids.sort());
    for (const author of authors) {
      const own = posts.filter((post) => post.author === author).map(({ id }) => id);
      expect(own).toEqual([...own].sort());
    }
  });

  it('tells strangers nothing, nor those who unfollowed', async () => {
    await fanout.follows.follow('gone', 'ada');
    const streams = [await EventStream.open(api, 'stranger'), await EventStream.open(api, 'gone')];
    await fanout.follows.unfollow('gone', 'ada');
    const witness = await EventStream.open(api, 'reader');
    for (const [, user] of ['stranger', 'gone'].entries()) await fanout.follows.follow(user, 'last');
    const { id } = await publish(library, 'ada');
    await fanout.posts.edit(id, 'ada', 'changed');
    await library.deliverAll();
    const last = await publish(library, 'last');
    await witness.untilEvents(2);
    for (const stream of streams)
      expect(await stream.untilEvents(1)).toMatchObject([{ data: { id: last.id } }]);
  });

  it('tells every connection of a reader, on every instance', async () => {
    const streams = [
      await EventStream.open(api, 'reader'),
      await EventStream.open(api, 'reader'),
      await EventStream.open(other, 'reader'),
    ];
    const first = await publish(library, 'ada');
    for (const stream of streams) expect(await stream.untilEvents(1)).toMatchObject([{ data: first }]);
    const [gone, ...left] = streams;
    gone?.close();
    await until(
      async () =>
        String((await api.get('/metrics')).body).includes('notifier_connections{service="notifier"} 1'),
      'it has gone',
    );
    const second = await publish(library, 'ada');
    for (const stream of left) {
      expect(await stream.untilEvents(2)).toMatchObject([{ data: first }, { data: second }]);
    }
  });

  it('shows a post once though it is delivered twice', async () => {
    const stream = await EventStream.open(api, 'reader');
    const post = await publish(library, 'ada');
    for (let i = 0; i < 3; i++) {
      await fanout.deliverer.deliver([{ kind: 'published', id: post.id, author: 'ada' }]);
    }
    const next = await publish(library, 'ada');
    expect(await stream.untilEvents(2)).toMatchObject([{ data: post }, { data: next }]);
  });

  it('forgets a reader who went away, and knows one who came back', async () => {
    const stream = await EventStream.open(api, 'reader');
    const second = await EventStream.open(api, 'reader');
    stream.close();
    const post = await publish(library, 'ada');
    expect(await second.untilEvents(1)).toMatchObject([{ data: post }]);
    expect(await online(library)).toEqual(['reader']);
    second.close();
    await until(async () => (await online(library)).length === 0, 'nobody is online');
    const third = await EventStream.open(api, 'reader');
    expect(await online(library)).toEqual(['reader']);
    const next = await publish(library, 'ada');
    expect(await third.untilEvents(1)).toMatchObject([{ data: next }]);
  });

  it('does not lose a reader who comes and goes in haste', async () => {
    for (let i = 0; i < 30; i++) (await EventStream.open(api, 'reader')).close();
    const stream = await EventStream.open(api, 'reader');
    const post = await publish(library, 'ada');
    expect(kindsOf(await stream.untilEvents(1))).toEqual(['post']);
    expect(stream.events).toMatchObject([{ data: post }]);
    stream.close();
    await until(async () => (await online(library)).length === 0, 'nobody is online');
  });

  it.each(['', '?user=', '?user=a%20b', '?user=a&user=b', `?user=${'x'.repeat(65)}`, '?user=%zz'])(
    'refuses the query "%s"',
    async (query) => {
      expectInvalid(await api.get(`/stream${query}`));
      expect(await online(library)).toEqual([]);
    },
  );

  it('answers HEAD without a stream', async () => {
    const answer = await api.send('HEAD', '/stream?user=reader');
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers['content-type']).toMatch(/^text\/event-stream\b/);
    expect(await online(library)).toEqual([]);
  });
});

it('tells each of more than a thousand connected followers', async () => {
  try {
    const redis = await ownRedis();
    const { api } = await startNotifier(redis, { FANOUT_PARTITIONS: '1' });
    const library = await Library.open(redis);
    const readers = Array.from({ length: 1050 }, (_, i) => `reader-${i}`);
    await Promise.all(readers.map((reader) => library.fanout.follows.import(reader, 'star')));
    const streams: EventStream[] = [];
    for (let i = 0; i < readers.length; i += 50) {
      const some = readers.slice(i, i + 50).map((reader) => EventStream.open(api, reader));
      streams.push(...(await Promise.all(some)));
    }
    const post = await publish(library, 'star');
    await library.fanout.deliverer.deliver([{ kind: 'published', id: post.id, author: 'star' }]);
    // An event shows the post as it is when it is told: only then is it edited.
    await until(() => streams.every(({ events }) => events.length >= 1), 'everyone was told of the post');
    const edited = await library.fanout.posts.edit(post.id, 'star', 'changed');
    await library.deliverAll();
    await until(() => streams.every(({ events }) => events.length >= 2), 'everyone was told of the edit');
    const told = streams.filter(({ events }) => kindsOf(events).join() === 'post,edited');
    expect(told).toHaveLength(readers.length);
    expect(streams.at(-1)?.events.map(({ data }) => data)).toEqual([post, edited]);
  } finally {
    await cleanUp();
  }
});
