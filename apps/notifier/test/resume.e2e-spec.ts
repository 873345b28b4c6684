import type { Post } from 'redis-fanout';
import { type Caller, cleanUp, Library, type OwnService, ownRedis, until } from 'test-support';

import { EventStream } from './support/event-stream.js';
import { publish, startNotifier } from './support/system.js';

describe('a client that comes back', () => {
  let here: OwnService;
  let there: Caller;
  let library: Library;

  beforeEach(async () => {
    const redis = await ownRedis();
    here = await startNotifier(redis);
    ({ api: there } = await startNotifier(redis));
    library = await Library.open(redis);
    await library.fanout.follows.follow('reader', 'ada');
  });

  afterEach(cleanUp);

  const told = (stream: EventStream): unknown[] => stream.events.map(({ event, data }) => [event, data]);
  const asTold = (posts: readonly Post[]): unknown[] => posts.map((post) => ['post', post]);

  it('gets what it missed from another instance, then what happens, by the header or the address', async () => {
    const stream = await EventStream.open(here.api, 'reader');
    const first = await publish(library, 'ada');
    const [{ id = '' } = {}] = await stream.untilEvents(1);
    stream.close();
    const missed: Post[] = [];
    for (let i = 0; i < 250; i++) missed.push(await publish(library, 'ada', String(i)));
    const { message } = await library.fanout.messages.send({ from: 'bob', to: 'reader', text: 'psst' });
    const ways = [
      { headers: { 'last-event-id': id } },
      { query: `&lastEventId=${id}` },
      // A browser adds the header to the address it had at first.
      { headers: { 'last-event-id': id }, query: '&lastEventId=000-0-0' },
    ];
    for (const way of ways) {
      const again = await EventStream.open(there, 'reader', way);
      await again.untilEvents(missed.length + 1);
      expect(told(again).slice(0, -1)).toEqual(asTold(missed));
      expect(again.events.at(-1)).toMatchObject({ event: 'message', data: { id: message.id } });
      again.close();
    }
    expect(first.id < (missed[0]?.id ?? '')).toBe(true);
  });

  it('knows where it was though nothing happened', async () => {
    const stream = await EventStream.open(here.api, 'reader');
    await until(() => stream.position !== undefined, 'it knows where it is');
    stream.close();
    const missed = [await publish(library, 'ada')];
    const again = await EventStream.open(there, 'reader', {
      headers: { 'last-event-id': stream.position ?? '' },
    });
    await again.untilEvents(1);
    expect(told(again)).toEqual(asTold(missed));
  });

  it('is told where it is in an event, if it wants that', async () => {
    const stream = await EventStream.open(here.api, 'reader', { query: '&positions=1' });
    const [first] = await stream.untilEvents(1);
    expect(first).toMatchObject({ event: 'position', data: {} });
    expect(first?.id).toBe(stream.position);
  });

  it('after its instance was shut down, under load, misses nothing and gets nothing twice', async () => {
    const over = new AbortController();
    const posts: Post[] = [];
    const publishing = (async (): Promise<void> => {
      while (!over.signal.aborted) posts.push(await publish(library, 'ada'));
    })();
    const stream = await EventStream.open(here.api, 'reader');
    await stream.untilEvents(20);
    expect(await here.service.stop()).toBe(0);
    await until(() => stream.ended, 'it is sent away');
    const bye = stream.events.pop();
    expect(bye).toMatchObject({ event: 'bye' });
    const again = await EventStream.open(there, 'reader', {
      headers: { 'last-event-id': stream.events.at(-1)?.id ?? '' },
    });
    await again.untilEvents(20);
    over.abort();
    await publishing;
    const [, first] = told(stream)[0] as [string, Post];
    const expected = asTold(posts.slice(posts.findIndex(({ id }) => id === first.id)));
    await again.untilEvents(expected.length - stream.events.length);
    expect([...told(stream), ...told(again)]).toEqual(expected);
  });

  it.each(['nonsense', '999-1-1', '000-99999999999999-0'])(
    'from %s, where nobody was, is told to resync',
    async (position) => {
      const stream = await EventStream.open(here.api, 'reader', { headers: { 'last-event-id': position } });
      await stream.untilEvents(1);
      const post = await publish(library, 'ada');
      await stream.untilEvents(2);
      expect(told(stream)).toEqual([
        ['resync', {}],
        ['post', post],
      ]);
    },
  );
});
