import * as fc from 'fast-check';
import type { Redis } from 'ioredis';

import { type Fanout, type LiveEvent, type PostEvent } from '../../src/index.js';
import { Keys } from '../../src/keys.js';
import { isBefore } from '../../src/live/position.js';
import { type DeliveryHistory, readDeliveries } from '../../src/lua/read-deliveries.js';
import { cleanUp, onCleanUp, until } from '../support/faults.js';
import { Fixture } from '../support/fixture.js';
import { storedHistory } from '../support/history.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.standalone();
});
afterAll(async () => {
  await fixture.stop();
});
afterEach(cleanUp);

let fanout: Fanout;
let keys: Keys;
async function open(historyMaxEvents?: number): Promise<void> {
  fanout = await fixture.open({ partitions: 1, ...(historyMaxEvents !== undefined && { historyMaxEvents }) });
  keys = new Keys(1, fixture.prefix);
  await fanout.follows.follow('bob', 'ann');
}

async function publish(author: string): Promise<PostEvent> {
  const { post } = await fanout.posts.publish({ author, text: 'hello' });
  return { kind: 'published', id: post.id, author };
}

async function publishAll(authors: readonly string[]): Promise<PostEvent[]> {
  const events: PostEvent[] = [];
  for (const author of authors) events.push(await publish(author));
  return events;
}

async function read(after: string, count: number): Promise<DeliveryHistory> {
  const names = { deliveries: keys.deliveries(0), notifier: keys.notifier(0, 'n1') };
  return readDeliveries(fixture.client, names, { after, count });
}

/** What a notifier hears that holds a connection of bob. */
async function hear(): Promise<LiveEvent[]> {
  const heard: LiveEvent[] = [];
  const subscriber = (fixture.client as Redis).duplicate();
  onCleanUp(() => {
    subscriber.disconnect();
  });
  subscriber.on('smessage', (_channel: string, text: string) => {
    heard.push((JSON.parse(text) as { data: LiveEvent }).data);
  });
  for (const channel of fanout.presence.channels('n1')) await subscriber.ssubscribe(channel);
  await fanout.presence.renew('n1');
  await fanout.presence.attach('n1', ['bob']);
  return heard;
}

/** One call to deliver, or a message. */
type Step =
  | { readonly kind: 'posts'; readonly authors: readonly string[]; readonly repeated: number }
  | { readonly kind: 'deleted'; readonly back: number }
  | { readonly kind: 'message'; readonly to: string };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('posts' as const),
      // Bob follows the first; of the second nobody is told.
      authors: fc.array(fc.constantFrom('ann', 'cid'), { minLength: 1, maxLength: 25 }),
      repeated: fc.nat({ max: 12 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('deleted' as const), back: fc.nat({ max: 30 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('message' as const), to: fc.constantFrom('bob', 'dan') }),
  },
);

describe('the history of a partition', () => {
  it('has everything once and in order, and is read on from every place in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 30 }),
        async (steps, isConnected, pageSize) => {
          await open();
          await fanout.follows.follow('dan', 'cid');
          const heard = isConnected ? await hear() : [];
          const posts: PostEvent[] = [];
          const expected: { kind: string; id: string; author: string; to: string }[] = [];
          for (const each of steps) {
            if (each.kind === 'message') {
              const { message } = await fanout.messages.send({ from: 'ann', to: each.to, text: 'hello' });
              expected.push({ kind: 'message', id: message.id, author: 'ann', to: each.to });
            } else if (each.kind === 'posts') {
              const events = await publishAll(each.authors);
              const repeated = posts.slice(Math.max(0, posts.length - each.repeated));
              await fanout.deliverer.deliver([...repeated, ...events]);
              posts.push(...events);
              expected.push(...events.map(({ kind, id, author }) => ({ kind, id, author, to: '' })));
            } else {
              const [post] = posts.splice(-each.back - 1, 1);
              if (post === undefined) continue;
              await fanout.deliverer.deliver([{ ...post, kind: 'deleted' }]);
              expected.push({ kind: 'deleted', id: post.id, author: post.author, to: '' });
            }
          }
          const { events, first, last } = await read('0-0', 1000);
          expect(events).toMatchObject(expected);
          expect(events).toHaveLength(expected.length);
          const places = events.map(({ place }) => place);
          expect(places.every((place, i) => i === 0 || isBefore(places[i - 1] ?? '', place))).toBe(true);
          expect([first, last]).toEqual(places.length === 0 ? ['0-0', '0-0'] : [places[0], places.at(-1)]);
          for (const [i, place] of places.entries()) {
            const page = await read(place, pageSize);
            expect(page.events).toEqual(events.slice(i + 1, i + 1 + pageSize));
          }
          // Bob is told of what concerns him, each at its place.
          const concerned = events.filter(({ kind, author, to }) =>
            kind === 'message' ? to === 'bob' : author === 'ann',
          );
          if (!isConnected) return;
          await until(() => heard.length >= concerned.length, 'all is heard');
          expect(heard.map(({ event, kind, id }) => ({ event, kind, id }))).toEqual(
            concerned.map(({ place, kind, id }) => ({ event: `000-${place}`, kind, id })),
          );
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);

  it('has the events of a call together, five at most in an entry', async () => {
    await open();
    const events = await publishAll(Array.from({ length: 23 }, () => 'ann'));
    await fanout.deliverer.deliver(events);
    expect((await storedHistory(fixture.client, keys.deliveries(0))).map(({ text }) => text)).toEqual(
      events.map(({ id }) => `${id}ann`),
    );
    expect(await fixture.client.xlen(keys.deliveries(0))).toBe(5);
  });

  it('has an event once that comes twice in a call', async () => {
    await open();
    const [first, second, third] = (await publishAll(['ann', 'ann', 'ann'])) as [
      PostEvent,
      PostEvent,
      PostEvent,
    ];
    await fanout.deliverer.deliver([first, second, second, third, third]);
    const stored = await storedHistory(fixture.client, keys.deliveries(0));
    expect(stored.map(({ text }) => text)).toEqual([first, second, third].map(({ id }) => `${id}ann`));
  });

  it('has the events of a call that failed, each once', async () => {
    await open();
    await fanout.timelines.page('bob');
    await fixture.client.sadd(keys.followers(0, 'eve'), 'odd');
    await fixture.client.set(keys.timeline('odd'), 'no list');
    const events = await publishAll(['ann', 'eve', 'ann']);
    await expect(fanout.deliverer.deliver(events)).rejects.toThrow('WRONGTYPE');
    const stored = await storedHistory(fixture.client, keys.deliveries(0));
    expect(stored.map(({ text }) => text)).toEqual(events.map(({ id, author }) => `${id}${author}`));
  });

  it.each([1, 50])('keeps so many events as it has to, and is cut, with %i in a call', async (inACall) => {
    await open(100);
    const ids: string[] = [];
    for (let i = 0; i < 2000 / inACall; i++) {
      const events = await Promise.all(Array.from({ length: inACall }, async () => publish('ann')));
      await fanout.deliverer.deliver(events);
      ids.push(...events.map(({ id }) => id).sort());
    }
    const stored = await storedHistory(fixture.client, keys.deliveries(0));
    expect(stored.length).toBeGreaterThanOrEqual(100);
    // Five times as many, and what is in a node of the stream.
    expect(stored.length).toBeLessThan(5 * 100 + 200);
    expect(stored.map(({ text }) => text)).toEqual(ids.slice(-stored.length).map((id) => `${id}ann`));
  });
});
