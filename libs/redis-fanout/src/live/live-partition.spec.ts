import { setImmediate as setImmediateNow } from 'node:timers';
import { setImmediate } from 'node:timers/promises';

import fc from 'fast-check';

import type { DeliveryHistory, HistoryEvent } from '../lua/read-deliveries.js';
import type { Post } from '../posts/post.js';
import type { Audiences, History, ToTell } from './history.js';

import { LiveConnection } from './live-connection.js';
import { LivePartition } from './live-partition.js';
import type { LiveUpdate } from './live-update.js';
import { isBefore } from './position.js';
import { Slices } from './slices.js';

/** Small, so that several pages are read. */
const PAGE_SIZE = 3;

type Wait = <T>(value: T) => Promise<T>;

/** What Redis would hold and answer, as late as a test wants. */
class FakeRedis {
  readonly events: HistoryEvent[] = [];
  told = 0;
  /** Older events were dropped. */
  dropped = 0;

  constructor(private readonly wait: Wait) {}

  /** Something happens that concerns a reader; answers what is told of it to the notifier. */
  append(reader: string): { event: string; count: number; kind: 'message'; id: string; readers: string[] } {
    const place = `${this.events.length + 1}-0`;
    this.events.push({ place, kind: 'message', id: place, author: 'ann', to: reader });
    return { event: `000-${place}`, count: ++this.told, kind: 'message', id: place, readers: [reader] };
  }

  get last(): string {
    return this.events.at(-1)?.place ?? '0-0';
  }

  readonly history = {
    partition: 0,
    pageSize: PAGE_SIZE,
    read: async (after: string | undefined): Promise<DeliveryHistory> => {
      await this.wait(undefined);
      const kept = this.events.slice(this.dropped);
      const history = {
        last: this.last,
        first: kept[0]?.place ?? '0-0',
        isWhole: this.dropped === 0,
        told: this.told,
        events:
          after === undefined ? [] : kept.filter(({ place }) => isBefore(after, place)).slice(0, PAGE_SIZE),
      };
      return this.wait(history);
    },
    audiences: async (events: readonly HistoryEvent[]): Promise<Audiences> =>
      this.wait(new Map(events.map((event) => [event, new Set([event.to])]))),
    updates: async (happenings: readonly ToTell[]): Promise<LiveUpdate[]> =>
      this.wait(
        happenings.map(({ place, id }) => ({
          event: 'post',
          position: `000-${place}`,
          data: { id } as Post,
        })),
      ),
  } as unknown as History;
}

/** Somebody who listens, and what they were told. */
class Ear {
  readonly told: string[] = [];
  /** Set while it takes nothing of the history. */
  isFull = false;
  readonly connection: LiveConnection;

  constructor(
    readonly reader: string,
    readonly since: string | undefined,
    /** It is full after each so many updates. */
    capacity = Infinity,
  ) {
    this.connection = new LiveConnection(
      reader,
      {
        update: ({ event, position }) => {
          this.told.push(event === 'resync' ? event : position.slice(4));
          if (this.told.length % capacity === 0) this.isFull = true;
        },
        live: () => undefined,
        isReady: () => !this.isFull,
      },
      since,
    );
  }
}

const now: Wait = async (value) => Promise.resolve(value);
const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await setImmediate();
};

describe('a partition', () => {
  const failures: unknown[] = [];
  const partitionOf = (redis: FakeRedis, slices = new Slices()): LivePartition =>
    new LivePartition(redis.history, slices, (error) => failures.push(error));
  function connect(partition: LivePartition, ear: Ear): Ear {
    partition.add(ear.connection);
    partition.begin(ear.connection);
    return ear;
  }
  afterEach(() => {
    expect(failures).toEqual([]);
  });

  it('moves connections on to which nothing happens, once all that was told has come', async () => {
    const redis = new FakeRedis(now);
    const partition = partitionOf(redis);
    const bob = connect(partition, new Ear('bob', undefined));
    await settled();
    const events = [redis.append('cid'), redis.append('cid')];
    partition.note({ epoch: '1', told: redis.told, last: redis.last });
    await settled();
    expect(bob.connection.place).toBe('0-0');
    for (const event of events) partition.hear(event);
    await settled();
    expect([bob.connection.place, bob.told]).toEqual(['2-0', []]);
  });

  it('takes a count that begins anew for a loss', async () => {
    const redis = new FakeRedis(now);
    const partition = partitionOf(redis);
    const bob = connect(partition, new Ear('bob', undefined));
    await settled();
    for (let i = 0; i < 3; i++) partition.hear(redis.append('bob'));
    await settled();
    redis.append('bob');
    redis.told = 1;
    partition.hear(redis.append('bob'));
    await settled();
    expect(bob.told).toEqual(['1-0', '2-0', '3-0', '4-0', '5-0']);
  });

  it('does not count on from a page that was read before a loss', async () => {
    // Answers come one after the other, as the test wants.
    const answers: (() => void)[] = [];
    const redis = new FakeRedis(async (value) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      return value;
    });
    const partition = partitionOf(redis);
    const answer = async (): Promise<void> => {
      await settled();
      while (answers.length > 0) {
        answers.shift()?.();
        await settled();
      }
    };
    const bob = connect(partition, new Ear('bob', undefined));
    await answer();
    for (let i = 0; i < 2; i++) partition.hear(redis.append('bob'));
    await answer();
    partition.lose();
    await settled();
    // The page is read, and its answer on the way.
    answers.shift()?.();
    await settled();
    redis.told = 0;
    partition.suspend();
    partition.resume();
    await answer();
    redis.append('bob');
    for (let look = 0; look < 2; look++) {
      partition.note({ epoch: '2', told: redis.told, last: redis.last });
      await answer();
    }
    expect(bob.told).toEqual(['1-0', '2-0', '3-0']);
  });

  it('tells nobody anything while it is suspended', async () => {
    const redis = new FakeRedis(now);
    const partition = partitionOf(redis);
    const bob = connect(partition, new Ear('bob', undefined));
    await settled();
    partition.suspend();
    redis.append('bob');
    redis.told = 0;
    partition.hear(redis.append('bob'));
    const cid = connect(partition, new Ear('cid', '0-0'));
    await settled();
    expect([bob.told, cid.connection.isLive]).toEqual([[], false]);
    partition.resume();
    await settled();
    expect([bob.told, cid.connection.isLive]).toEqual([['1-0', '2-0'], true]);
  });

  it('lets nobody wait for those who come with older places again and again', async () => {
    const redis = new FakeRedis(now);
    for (let i = 0; i < 100; i++) redis.append('cid');
    let late = 0;
    const read = redis.history.read.bind(redis.history);
    const partition = partitionOf(redis);
    // With each page somebody comes who is far behind.
    redis.history.read = async (after) => {
      if (late++ < 500) setImmediateNow(() => connect(partition, new Ear('cid', '0-0')));
      return read(after);
    };
    const bob = connect(partition, new Ear('bob', '50-0'));
    for (let i = 0; i < 100 && !bob.connection.isLive; i++) await setImmediate();
    expect(bob.connection.isLive).toBe(true);
    expect(late).toBeLessThan(100);
    await partition.close();
  });

  it('misses what nothing came after, at the next look but one', async () => {
    const redis = new FakeRedis(now);
    const partition = partitionOf(redis);
    const bob = connect(partition, new Ear('bob', undefined));
    await settled();
    redis.append('bob');
    for (let look = 0; look < 2; look++) {
      expect(bob.told).toEqual([]);
      partition.note({ epoch: '1', told: redis.told, last: redis.last });
      await settled();
    }
    expect(bob.told).toEqual(['1-0']);
  });

  it('gives a connection as much of the history as it takes, and the others theirs', async () => {
    const redis = new FakeRedis(now);
    for (let i = 0; i < 20; i++) redis.append('bob');
    const partition = partitionOf(redis);
    const slow = new Ear('bob', '0-0');
    slow.isFull = true;
    connect(partition, slow);
    const quick = connect(partition, new Ear('bob', '10-0'));
    await settled();
    expect([slow.told.length, quick.told.length]).toEqual([0, 10]);
    partition.hear(redis.append('bob'));
    await settled();
    slow.isFull = false;
    partition.goOn();
    await settled();
    expect(slow.told).toEqual(redis.events.map(({ place }) => place));
    expect(quick.told).toEqual(slow.told.slice(10));
  });

  it('leaves a connection in the middle of a page where that is all it takes', async () => {
    const redis = new FakeRedis(now);
    for (let i = 0; i < 20; i++) redis.append('bob');
    const partition = partitionOf(redis);
    const slow = new Ear('bob', '0-0', 2);
    connect(partition, slow);
    for (let taken = 2; taken <= 20; taken += 2) {
      await settled();
      expect(slow.told).toHaveLength(taken);
      slow.isFull = false;
      partition.goOn();
    }
    await settled();
    expect(slow.told).toEqual(redis.events.map(({ place }) => place));
  });

  it('tells to resync who is not in the history any more, and nobody else', async () => {
    const redis = new FakeRedis(now);
    for (let i = 0; i < 10; i++) redis.append('bob');
    redis.dropped = 5;
    const partition = partitionOf(redis);
    const places = ['0-0', '4-0', '5-0', '6-0', '9-0', '10-0', '11-0'];
    const ears = places.map((place) => connect(partition, new Ear('bob', place)));
    await settled();
    partition.hear(redis.append('bob'));
    await settled();
    expect(ears.map(({ told }) => told)).toEqual([
      ['resync', '11-0'],
      ['resync', '11-0'],
      ['resync', '11-0'],
      ['7-0', '8-0', '9-0', '10-0', '11-0'],
      ['10-0', '11-0'],
      ['11-0'],
      ['resync', '11-0'],
    ]);
  });

  const reader = fc.constantFrom('bob', 'cid');
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), reader, isLost: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('connect' as const), reader, back: fc.nat(5) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('disconnect' as const), nth: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('note' as const) }) },
    // The notifier is taken for dead: what happens is told to nobody until it is known again, and counted anew.
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('forget' as const),
        untold: fc.array(reader, { maxLength: 3 }),
      }),
    },
  );

  it('tells everything once and in order, whenever answers come and whatever is lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ action: step, answers: fc.nat(3) }), {
          minLength: 5,
          maxLength: 60,
          size: 'max',
        }),
        fc.scheduler(),
        async (steps, scheduler) => {
          const redis = new FakeRedis(async (value) => scheduler.schedule(Promise.resolve(value)));
          // Between any two connections others may have their turn.
          const next = async (): Promise<void> => scheduler.schedule(Promise.resolve());
          const partition = partitionOf(redis, { next } as unknown as Slices);
          const ears: Ear[] = [];
          const perform = ({ action }: (typeof steps)[number]): void => {
            switch (action.do) {
              case 'append': {
                const event = redis.append(action.reader);
                if (!action.isLost) partition.hear(event);
                return;
              }
              case 'connect': {
                const since = Math.max(0, redis.events.length - action.back);
                ears.push(connect(partition, new Ear(action.reader, `${since}-0`)));
                return;
              }
              case 'disconnect': {
                const ear = ears[action.nth % Math.max(1, ears.length)];
                if (ear !== undefined) partition.remove(ear.connection);
                return;
              }
              case 'lose':
                partition.lose();
                return;
              case 'forget':
                for (const name of action.untold) redis.append(name);
                redis.told = 0;
                partition.suspend();
                for (const name of action.untold) partition.hear(redis.append(name));
                partition.resume();
                return;
              case 'note':
                partition.note({ epoch: '1', told: redis.told, last: redis.last });
            }
          };
          for (const each of steps) {
            perform(each);
            await setImmediate();
            // Some of the answers come between two steps.
            for (let i = 0; i < each.answers && scheduler.count() > 0; i++) await scheduler.waitNext(1);
          }
          // Two looks find what was lost at last.
          for (let look = 0; look < 2; look++) {
            partition.note({ epoch: '1', told: redis.told, last: redis.last });
            await scheduler.waitIdle();
          }
          for (const { reader: name, since = '', told, connection } of ears) {
            const due = redis.events.filter(({ to, place }) => to === name && isBefore(since, place));
            const expected = due.map(({ place }) => place);
            expect(told).toEqual(connection.isClosed ? expected.slice(0, told.length) : expected);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
