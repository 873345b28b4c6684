import { InvalidOptionError } from '../errors.js';
import type { Gap, PubSubStrategy, TimelineStrategy } from '../strategies/fanout-strategy.js';
import { MemoryBroker } from './memory-broker.js';

const NOW = Date.parse('2030-01-01T00:00:00Z');

/** Lets everything that was begun come to its end: nothing here waits for more than promises. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('a memory broker', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: NOW, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it.each([
    ['Pub/Sub, which tells of the gap', false, async (broker: MemoryBroker) => broker.openPubSub<number>()],
    ['timelines, until it is over', true, async (broker: MemoryBroker) => broker.openTimelines<number>()],
  ])('keeps from listeners what is published while interrupted: %s', async (_, isGapless, open) => {
    const broker = new MemoryBroker();
    const strategy: PubSubStrategy<number> | TimelineStrategy<number> = await open(broker);
    const heard: number[] = [];
    const gaps: Gap[] = [];
    await strategy.subscribe('ann', 'news');
    const listening = await strategy.listen('ann', ({ payload }) => void heard.push(payload), {
      onGap: (gap) => void gaps.push(gap),
    });
    await strategy.publish('news', 1);
    await broker.interrupt(async () => {
      await strategy.publish('news', 2);
      jest.advanceTimersByTime(700);
      await broker.interrupt(async () => strategy.publish('news', 3).then(() => undefined));
      expect(gaps).toEqual([]);
      await strategy.publish('news', 4);
      await settle();
      expect(heard).toEqual([1]);
    });
    await strategy.publish('news', 5);
    await settle();
    expect(heard).toEqual(isGapless ? [1, 2, 3, 4, 5] : [1, 5]);
    const gap = { sinceMs: NOW, reason: expect.stringMatching(/./) as string };
    expect(gaps).toEqual(isGapless ? [] : [gap]);

    await broker.interrupt(async () => {
      await strategy.publish('news', 6);
      await listening.close();
    });
    await settle();
    expect([heard.includes(6), gaps.length]).toEqual([false, isGapless ? 0 : 1]);
  });

  it.each([
    ['lists', async (broker: MemoryBroker) => broker.openLists<number>()],
    ['streams', async (broker: MemoryBroker) => broker.openStreams<number>()],
  ])('wakes those who take of %s when the interruption is over', async (_, open) => {
    const broker = new MemoryBroker();
    const strategy = await open(broker);
    const handed: number[] = [];
    await strategy.subscribe('ann', 'news');
    await strategy.listen('ann', async ({ id, payload }) => {
      handed.push(payload);
      await strategy.acknowledge('ann', id);
    });
    await settle();
    await broker.interrupt(async () => {
      await strategy.publish('news', 1);
      await settle();
      expect(handed).toEqual([]);
    });
    await settle();
    expect(handed).toEqual([1]);
    await strategy.close();
  });

  it('is mended also where what runs meanwhile fails', async () => {
    const broker = new MemoryBroker();
    const strategy = await broker.openPubSub<number>();
    const gaps: Gap[] = [];
    await strategy.listen('ann', () => undefined, { onGap: (gap) => void gaps.push(gap) });
    await expect(broker.interrupt(async () => Promise.reject(new Error('of the test')))).rejects.toThrow(
      'of the test',
    );
    expect(gaps).toHaveLength(1);
  });

  it('parts what has other prefixes, and what is of another kind', async () => {
    const broker = new MemoryBroker();
    const publisher = await broker.openStreams<string>();
    const others = [
      await broker.openStreams<string>({ prefix: 'other' }),
      await broker.openLists<string>(),
      await new MemoryBroker().openStreams<string>(),
    ];
    const same = await broker.openStreams<string>({ prefix: 'fanout' });
    for (const strategy of [same, ...others]) await strategy.subscribe('ann', 'news');
    await publisher.publish('news', 'hello');
    expect((await same.read('ann')).items).toMatchObject([{ payload: 'hello' }]);
    for (const other of others) expect((await other.read('ann')).items).toEqual([]);
  });

  it('shares no object between those who publish and those who get', async () => {
    const timelines = await new MemoryBroker().openTimelines<{ tags: string[] }>();
    const payload = { tags: ['first'] };
    const heard: { tags: string[] }[] = [];
    for (const reader of ['ann', 'bob']) {
      await timelines.subscribe(reader, 'news');
      await timelines.listen(reader, (message) => {
        heard.push(message.payload);
        message.payload.tags.push(reader);
      });
    }
    await timelines.publish('news', payload);
    payload.tags.push('later');
    await settle();
    expect(heard).toEqual([{ tags: ['first', 'ann'] }, { tags: ['first', 'bob'] }]);
    expect((await timelines.read('ann')).items[0]?.payload).toEqual({ tags: ['first'] });
  });

  it.each([{ prefix: 'no good' }, { partitions: 0 }, { maxPayloadBytes: 0 }, { streamMaxMessages: 99 }])(
    'refuses the options %p by a rejection',
    async (options) => {
      await expect(new MemoryBroker().openStreams(options)).rejects.toThrow(InvalidOptionError);
    },
  );
});
