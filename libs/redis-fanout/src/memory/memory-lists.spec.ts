import type { ListStrategy, Message } from '../strategies/fanout-strategy.js';
import { MemoryBroker } from './memory-broker.js';

describe('lists in memory', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('hands out again, before what is newer, what was not acknowledged within its lease', async () => {
    const lists = await withMessages(['a', 'b', 'c', 'd']);
    await lists.take('ann', { limit: 2, leaseMs: 1000 });
    const [c] = await lists.take('ann', { limit: 1, leaseMs: 5000 });
    expect(c?.payload).toBe('c');
    jest.advanceTimersByTime(999);
    expect(await lists.backlog('ann')).toMatchObject({ waiting: 1, taken: 3, oldestMs: 999 });
    jest.advanceTimersByTime(1);
    expect(await lists.backlog('ann')).toMatchObject({ waiting: 3, taken: 1 });
    expect(attemptsOf(await lists.take('ann', { limit: 10 }))).toEqual([
      ['a', 2],
      ['b', 2],
      ['d', 1],
    ]);
    expect(attemptsOf((await lists.read('ann')).items)).toEqual([
      ['a', 2],
      ['b', 2],
      ['c', 1],
      ['d', 1],
    ]);
  });

  it('drops the oldest of what waits, never what was taken', async () => {
    const lists = await withMessages(['a', 'b', 'c'], 3);
    await lists.take('ann', { limit: 1, leaseMs: 1000 });
    jest.advanceTimersByTime(1000);
    for (const payload of ['d', 'e', 'f']) await lists.publish('news', payload);
    expect(await lists.backlog('ann')).toMatchObject({ waiting: 4, taken: 0, dropped: 2 });
    expect(attemptsOf(await lists.take('ann'))).toEqual([
      ['a', 2],
      ['d', 1],
      ['e', 1],
      ['f', 1],
    ]);
  });

  it('remembers an idempotency key for its window, of each source apart', async () => {
    const lists = await withMessages([], 10, 5000);
    await lists.subscribe('ann', 'sport');
    const publish = async (source: string): Promise<[boolean, number | null]> => {
      const { repeated, receivers } = await lists.publish(source, 'again', { idempotencyKey: 'key' });
      return [repeated, receivers];
    };
    expect(await publish('news')).toEqual([false, 1]);
    jest.advanceTimersByTime(3000);
    expect(await publish('sport')).toEqual([false, 1]);
    jest.advanceTimersByTime(1999);
    expect(await publish('news')).toEqual([true, null]);
    jest.advanceTimersByTime(1);
    expect(await publish('news')).toEqual([false, 1]);
    expect(await publish('sport')).toEqual([true, null]);
    expect((await lists.read('ann')).items).toHaveLength(3);
  });

  it('remembers it for the window of whoever published', async () => {
    const broker = new MemoryBroker();
    const patient = await broker.openLists<string>({ duplicateWindowMs: 9000 });
    const hasty = await broker.openLists<string>({ duplicateWindowMs: 1000 });
    await patient.publish('news', 'first', { idempotencyKey: 'long' });
    await hasty.publish('news', 'second', { idempotencyKey: 'short' });
    jest.advanceTimersByTime(1000);
    expect(await hasty.publish('news', 'first', { idempotencyKey: 'long' })).toMatchObject({
      repeated: true,
    });
    expect(await patient.publish('news', 'second', { idempotencyKey: 'short' })).toMatchObject({
      repeated: false,
    });
  });

  it('reads on behind a page whose messages were acknowledged', async () => {
    const lists = await withMessages(['a', 'b', 'c', 'd', 'e']);
    const page = await lists.read('ann', { limit: 2 });
    await lists.acknowledge(
      'ann',
      page.items.map(({ id }) => id),
    );
    await lists.publish('news', 'f');
    const next = await lists.read('ann', { limit: 3, cursor: page.nextCursor ?? '' });
    expect(next.items.map(({ payload }) => payload)).toEqual(['c', 'd', 'e']);
    const last = await lists.read('ann', { cursor: next.nextCursor ?? '' });
    expect(last).toMatchObject({ items: [{ payload: 'f' }], nextCursor: null });
  });

  it('wakes another listener with what one that ends gives back', async () => {
    const lists = await withMessages(['a', 'b', 'c', 'd', 'e', 'f']);
    const handed: Record<'first' | 'other', string[]> = { first: [], other: [] };
    let goOn = (): void => undefined;
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    // It takes one, then two, then the rest at once.
    const first = await lists.listen('ann', async ({ payload }) => {
      handed.first.push(payload);
      if (payload === 'd') await gate;
    });
    await settle();
    await lists.listen('ann', ({ payload }) => void handed.other.push(payload));
    await settle();
    expect(handed).toEqual({ first: ['a', 'b', 'c', 'd'], other: [] });
    goOn();
    await first.close();
    await settle();
    expect(handed).toEqual({ first: ['a', 'b', 'c', 'd'], other: ['e', 'f'] });
    await lists.close();
  });
});

/** Lets everything that was begun come to its end: nothing here waits for more than promises. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

async function withMessages(
  payloads: readonly string[],
  inboxMaxMessages = 1000,
  duplicateWindowMs = 120_000,
): Promise<ListStrategy<string>> {
  const lists = await new MemoryBroker().openLists<string>({ inboxMaxMessages, duplicateWindowMs });
  await lists.subscribe('ann', 'news');
  for (const payload of payloads) await lists.publish('news', payload);
  return lists;
}

function attemptsOf(messages: readonly Message<string>[]): [string, number][] {
  return messages.map(({ payload, attempt }) => [payload, attempt]);
}
