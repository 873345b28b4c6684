import { BacklogFullError, InvalidOptionError } from '../errors.js';
import type { Message, StreamStrategy } from '../strategies/fanout-strategy.js';
import { MemoryBroker } from './memory-broker.js';

const LEASE_MS = 1000;

describe('streams in memory', () => {
  let broker: MemoryBroker;
  beforeEach(() => {
    jest.useFakeTimers();
    broker = new MemoryBroker();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  async function takeAndLose(
    streams: StreamStrategy<string>,
    recipient = 'ann',
  ): Promise<readonly Message<string>[]> {
    const messages = await streams.take(recipient, { leaseMs: LEASE_MS, limit: 1000 });
    jest.advanceTimersByTime(LEASE_MS);
    return messages;
  }

  it('makes a message a dead letter that was handed out too often, and hands it out again alone', async () => {
    const streams = await broker.openStreams<string>({ maxAttempts: 2 });
    await streams.subscribe('ann', 'news');
    await streams.subscribe('bob', 'news');
    const { id } = await streams.publish('news', 'bad');
    expect((await takeAndLose(streams))[0]?.attempt).toBe(1);
    expect((await takeAndLose(streams))[0]?.attempt).toBe(2);
    expect((await streams.deadLetters('ann')).items).toEqual([]);
    await streams.publish('news', 'good');
    expect(payloadsOf(await streams.take('ann', { limit: 1 }))).toEqual(['good']);
    expect((await streams.deadLetters('ann')).items).toMatchObject([{ id, payload: 'bad', attempt: 2 }]);

    expect(await streams.replayDeadLetter('bob', id)).toBe(false);
    expect(await streams.replayDeadLetter('ann', id)).toBe(true);
    expect(await streams.replayDeadLetter('ann', id)).toBe(false);
    const [again] = await streams.take('ann');
    expect(again).toMatchObject({ payload: 'bad', attempt: 1, source: 'news' });
    expect(again?.id).not.toBe(id);
    expect(payloadsOf(await streams.take('bob'))).toEqual(['bad', 'good']);
    await streams.replay('bob', 'news', 'beginning');
    expect(payloadsOf((await streams.read('bob')).items)).toEqual(['bad', 'good']);
    await streams.replay('ann', 'news', 'beginning');
    expect(payloadsOf((await streams.read('ann')).items)).toEqual(['bad', 'good', 'bad']);
  });

  it('keeps the newest dead letters of each source, in pages, until they are deleted', async () => {
    const streams = await broker.openStreams<string>({ maxAttempts: 1, maxDeadLetters: 2 });
    for (const source of ['news', 'sport']) await streams.subscribe('ann', source);
    for (const payload of ['n1', 'n2', 'n3']) await streams.publish('news', payload);
    await streams.publish('sport', 's1');
    await takeAndLose(streams);
    expect(await streams.take('ann')).toEqual([]);
    const first = await streams.deadLetters('ann', { limit: 2 });
    const rest = await streams.deadLetters('ann', { limit: 2, cursor: first.nextCursor ?? '' });
    expect(rest.nextCursor).toBeNull();
    const letters = [...first.items, ...rest.items];
    expect(payloadsOf(letters).toSorted()).toEqual(['n2', 'n3', 's1']);
    expect(payloadsOf(letters.filter(({ source }) => source === 'news'))).toEqual(['n2', 'n3']);
    expect(await streams.backlog('ann')).toMatchObject({ waiting: 0, taken: 0, dropped: 0 });
    expect(await streams.deleteDeadLetter('ann', letters[0]?.id ?? '')).toBe(true);
    expect(await streams.deleteDeadLetter('ann', letters[0]?.id ?? '')).toBe(false);
    expect((await streams.deadLetters('ann')).items).toHaveLength(2);
  });

  it('is full where somebody has not acknowledged the oldest message, and then loses only what all have', async () => {
    const streams = await broker.openStreams<number>({ streamMaxMessages: 100 });
    await streams.subscribe('ann', 'news');
    await streams.subscribe('bob', 'news');
    const ids: string[] = [];
    for (let i = 0; i < 100; i++) ids.push((await streams.publish('news', i)).id);
    await expect(streams.publish('news', 100)).rejects.toMatchObject({ backlog: 100, retryable: true });
    await streams.acknowledge('ann', ids.slice(0, 3));
    await streams.acknowledge('bob', ids.slice(1, 3));
    await expect(streams.publish('news', 100)).rejects.toThrow(BacklogFullError);
    await streams.acknowledge('bob', ids.slice(0, 1));
    for (const i of [100, 101, 102]) await streams.publish('news', i);
    await expect(streams.publish('news', 103)).rejects.toThrow(BacklogFullError);
    await streams.subscribe('cid', 'news', { from: 'beginning' });
    expect((await streams.read('cid', { limit: 1 })).items).toMatchObject([{ payload: 3 }]);
    for (const recipient of ['ann', 'bob', 'cid']) await streams.unsubscribe(recipient, 'news');
    await streams.publish('news', 103);
  });

  it('takes of the sources of a recipient in turn', async () => {
    const streams = await broker.openStreams<string>();
    for (const source of ['a', 'b', 'c']) await streams.subscribe('ann', source);
    for (const i of [1, 2, 3]) await streams.publish('a', `a${i}`);
    for (const i of [1, 2]) await streams.publish('c', `c${i}`);
    await streams.publish('b', 'b1');
    const taken: string[] = [];
    for (const limit of [1, 1, 2, 2]) taken.push(...payloadsOf(await streams.take('ann', { limit })));
    expect(taken).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
  });

  it('replays with attempts that begin anew, and leaves what was taken before the point', async () => {
    const streams = await broker.openStreams<string>();
    await streams.subscribe('ann', 'news');
    const ids: string[] = [];
    for (const payload of ['a', 'b', 'c', 'd']) ids.push((await streams.publish('news', payload)).id);
    await takeAndLose(streams);
    await streams.take('ann', { limit: 4 });
    await streams.acknowledge('ann', ids.slice(1, 3));
    await streams.replay('ann', 'news', { after: ids[1] ?? '' });
    expect((await streams.read('ann')).items.map(({ payload, attempt }) => [payload, attempt])).toEqual([
      ['a', 2],
      ['c', 1],
      ['d', 1],
    ]);
    expect(payloadsOf(await streams.take('ann'))).toEqual(['c', 'd']);
    await streams.publish('news', 'skipped');
    await streams.replay('ann', 'news', 'now');
    await streams.publish('news', 'new');
    expect(payloadsOf(await streams.take('ann'))).toEqual(['new']);
  });

  it.each(['', 'junk', '1-1', '1-1/sport', '1-1/', '-1-1/news'])(
    'refuses to begin after %p',
    async (after) => {
      const streams = await broker.openStreams<string>();
      await streams.subscribe('ann', 'news');
      const wrong = { option: 'from' };
      await expect(streams.subscribe('bob', 'news', { from: { after } })).rejects.toMatchObject(wrong);
      await expect(streams.subscribe('ann', 'news', { from: { after } })).rejects.toThrow(InvalidOptionError);
      await expect(streams.replay('ann', 'news', { after })).rejects.toMatchObject(wrong);
    },
  );

  it('gives ids that name the source, and go up also when the clock goes back', async () => {
    const streams = await broker.openStreams<string>();
    await streams.subscribe('ann', 'news/uk');
    jest.setSystemTime(5000);
    const first = await streams.publish('news/uk', 'first');
    jest.setSystemTime(4000);
    const second = await streams.publish('news/uk', 'second');
    expect([first.id, second.id]).toEqual(['5000-0/news/uk', '5000-1/news/uk']);
    await streams.subscribe('bob', 'news/uk', { from: { after: first.id } });
    expect(payloadsOf((await streams.read('bob')).items)).toEqual(['second']);
  });

  it('reads what is of several sources in the order of time', async () => {
    const streams = await broker.openStreams<string>();
    for (const source of ['b', 'a']) await streams.subscribe('ann', source);
    jest.setSystemTime(9000);
    await streams.publish('b', 'b0');
    await streams.publish('a', 'a0');
    await streams.publish('b', 'b1');
    jest.setSystemTime(10_000);
    await streams.publish('b', 'b2');
    await streams.publish('a', 'a1');
    const first = await streams.read('ann', { limit: 2 });
    const rest = await streams.read('ann', { cursor: first.nextCursor ?? '' });
    expect(payloadsOf([...first.items, ...rest.items])).toEqual(['a0', 'b0', 'b1', 'a1', 'b2']);
  });
});

function payloadsOf<Payload>(messages: readonly Message<Payload>[]): Payload[] {
  return messages.map(({ payload }) => payload);
}
