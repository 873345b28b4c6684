import { IdempotencyConflictError, InvalidUserIdError, SelfFollowError } from '../errors.js';
import { isPostId, publishedAtMs } from '../post-id.js';
import { MemoryBroker } from './memory-broker.js';

const DAY_MS = 24 * 3600 * 1000;

/** Lets everything that was begun come to its end: nothing here waits for more than promises. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('timelines in memory', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('have what is one’s own, and the history of whom one follows, the newest first', async () => {
    const timelines = await new MemoryBroker().openTimelines<number>();
    for (const [i, source] of ['ann', 'bob', 'cid', 'bob', 'ann'].entries())
      await timelines.publish(source, i);
    const read = async (): Promise<number[]> =>
      (await timelines.read('ann')).items.map(({ payload }) => payload);
    expect(await read()).toEqual([4, 0]);
    await timelines.subscribe('ann', 'bob');
    expect(await read()).toEqual([4, 3, 1, 0]);
    await timelines.unsubscribe('ann', 'bob');
    expect(await read()).toEqual([4, 0]);
  });

  it('hand to each listener of a recipient what is published while the source is followed', async () => {
    const timelines = await new MemoryBroker().openTimelines<string>();
    const heard: string[][] = [[], []];
    for (const payloads of heard) await timelines.listen('ann', ({ payload }) => void payloads.push(payload));
    await timelines.publish('bob', 'before');
    await timelines.subscribe('ann', 'bob');
    await timelines.publish('bob', 'of bob');
    await timelines.publish('ann', 'own');
    await timelines.unsubscribe('ann', 'bob');
    await timelines.publish('bob', 'after');
    await timelines.publish('ann', 'the end');
    await settle();
    expect(heard).toEqual([
      ['of bob', 'own', 'the end'],
      ['of bob', 'own', 'the end'],
    ]);
  });

  it('have ids that only go up, also for more than fit a millisecond', async () => {
    const timelines = await new MemoryBroker().openTimelines<number>();
    const ids: string[] = [];
    for (let i = 0; i < 1002; i++) ids.push((await timelines.publish(i % 2 === 0 ? 'ann' : 'bob', i)).id);
    expect(ids.every(isPostId)).toBe(true);
    expect(ids).toEqual([...new Set(ids)].toSorted());
    expect(ids.filter((id) => publishedAtMs(id) !== Date.now())).toHaveLength(2);
  });

  it('remember an idempotency key for a day, with what was published', async () => {
    const timelines = await new MemoryBroker().openTimelines<string>();
    const publish = async (payload: string, source = 'ann'): Promise<{ id: string; repeated: boolean }> =>
      timelines.publish(source, payload, { idempotencyKey: 'key' });
    const first = await publish('one');
    jest.advanceTimersByTime(DAY_MS - 1);
    expect(await publish('one')).toMatchObject({ id: first.id, repeated: true });
    await expect(publish('another')).rejects.toThrow(IdempotencyConflictError);
    expect(await publish('another', 'bob')).toMatchObject({ repeated: false });
    jest.advanceTimersByTime(1);
    expect(await publish('another')).toMatchObject({ repeated: false });
  });

  it('are of users only, who cannot follow themselves', async () => {
    const timelines = await new MemoryBroker().openTimelines<string>();
    await expect(timelines.subscribe('ann', 'a:b')).rejects.toThrow(InvalidUserIdError);
    await expect(timelines.publish('x'.repeat(65), 'hello')).rejects.toThrow(InvalidUserIdError);
    await expect(timelines.subscribe('ann', 'ann')).rejects.toThrow(SelfFollowError);
  });
});
