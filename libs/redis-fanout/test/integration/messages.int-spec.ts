import {
  BlockedError,
  type DirectMessage,
  type Fanout,
  IdempotencyConflictError,
  InvalidUserIdError,
  partitionOfUser,
  type SendResult,
} from '../../src/index.js';
import { Fixture } from '../support/fixture.js';

const DAY_MS = 24 * 3600 * 1000;

/** What is in an inbox of what was sent. */
function kept({ message: { delivered: _, ...message } }: SendResult): DirectMessage {
  return message;
}

describe.each(['standalone', 'cluster'] as const)('direct messages on a %s', (kind) => {
  let fixture: Fixture;
  let fanout: Fanout;
  beforeAll(async () => {
    fixture = await Fixture[kind]();
  });
  beforeEach(async () => {
    fanout = await fixture.open({ partitions: 8 });
  });
  afterAll(async () => {
    await fixture.stop();
  });

  const send = async (from: string, to: string, text: string, idempotencyKey?: string): Promise<SendResult> =>
    fanout.messages.send({ from, to, text, ...(idempotencyKey !== undefined && { idempotencyKey }) });

  it('are in the inbox once they are accepted, in that order, and counted by sender', async () => {
    const sent: SendResult[] = [];
    for (const from of ['ann', 'cid', 'ann', 'bob', '__proto__', 'ann']) {
      sent.push(await send(from, 'bob', ` hello,\n${from} \u{1f600} `));
    }
    await send('bob', 'ann', 'elsewhere');
    expect(sent.every(({ replayed }) => !replayed)).toBe(true);
    const { items, unread, nextCursor } = await fanout.messages.inbox('bob');
    expect(items).toEqual(sent.map(kept));
    expect(new Map(Object.entries(unread))).toEqual(
      new Map([
        ['ann', 3],
        ['cid', 1],
        ['bob', 1],
        ['__proto__', 1],
      ]),
    );
    expect(nextCursor).toBeNull();
    const ids = items.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it('have ids like posts: with their time, the partition they lie in, and none of a post', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      ids.push((await fanout.posts.publish({ author: 'bob', text: 'x' })).post.id);
      const { message } = await send('ann', 'bob', 'x');
      expect(message.createdAt).toBe(new Date(Number(message.id.slice(0, 13))).toISOString());
      expect(Number(message.id.slice(13, 16))).toBe(partitionOfUser('bob', 8));
      ids.push(message.id);
    }
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it('ascend where many are sent at the same time', async () => {
    const sent = await Promise.all(
      Array.from({ length: 1200 }, (_, i) => send(`user-${i}`, 'bob', String(i))),
    );
    const { items } = await fanout.messages.inbox('bob', { limit: 2000 });
    const ids = items.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids).toEqual(sent.map(({ message }) => message.id).sort());
  });

  it('go between nobody of whom one has blocked the other, and again once that has ended', async () => {
    // In the same partition, and in different ones.
    for (const other of ['cid', ...neighboursOf('bob', 1)]) {
      await fanout.follows.block('bob', other);
      for (const [from, to] of [
        ['bob', other],
        [other, 'bob'],
      ] as const) {
        await expect(send(from, to, 'x')).rejects.toBeInstanceOf(BlockedError);
        expect(await fanout.messages.inbox(to)).toEqual({ items: [], unread: {}, nextCursor: null });
      }
      await fanout.follows.unblock('bob', other);
      const mine = await send('bob', other, 'x');
      const yours = await send(other, 'bob', 'x');
      expect((await fanout.messages.inbox(other)).items).toEqual([kept(mine)]);
      expect((await fanout.messages.inbox('bob')).items).toEqual([kept(yours)]);
      await fanout.messages.markRead('bob', yours.message.id);
    }
  });

  it('stay in the inbox when their sender is blocked', async () => {
    const sent = await send('ann', 'bob', 'x');
    await fanout.follows.block('bob', 'ann');
    expect(await fanout.messages.inbox('bob')).toMatchObject({ items: [kept(sent)], unread: { ann: 1 } });
  });

  it('are one message under one key, whatever happened since', async () => {
    const first = await send('ann', 'bob', 'once', 'key');
    expect(first.replayed).toBe(false);
    const replay = { message: first.message, replayed: true };
    expect(await send('ann', 'bob', 'once', 'key')).toEqual(replay);
    expect((await fanout.messages.inbox('bob')).items).toEqual([kept(first)]);
    await fanout.follows.block('bob', 'ann');
    expect(await send('ann', 'bob', 'once', 'key')).toEqual(replay);
    await fanout.messages.markRead('bob', first.message.id);
    expect(await send('ann', 'bob', 'once', 'key')).toEqual(replay);
    expect(await fanout.messages.inbox('bob')).toEqual({ items: [], unread: {}, nextCursor: null });
  });

  it('are refused under a key that stands for another text or recipient', async () => {
    await send('ann', 'bob', 'once', 'key');
    for (const to of ['cid', 'dan', 'eve', ...neighboursOf('bob', 1)]) {
      await expect(send('ann', to, 'once', 'key')).rejects.toBeInstanceOf(IdempotencyConflictError);
      expect((await fanout.messages.inbox(to)).items).toEqual([]);
    }
    await expect(send('ann', 'bob', 'once ', 'key')).rejects.toBeInstanceOf(IdempotencyConflictError);
    // The claim ends a moment before the message is forgotten.
    await fixture.client.del(...(await fixture.allKeys('*:message-key:ann:key')));
    await expect(send('ann', 'bob', 'once ', 'key')).rejects.toBeInstanceOf(IdempotencyConflictError);
    // The key of another sender is another key.
    expect(await send('cid', 'bob', 'other', 'key')).toMatchObject({ replayed: false });
    expect(await fanout.messages.inbox('bob')).toMatchObject({ unread: { ann: 1, cid: 1 } });
  });

  it('hold their key also where they were refused', async () => {
    await fanout.follows.block('bob', 'ann');
    await expect(send('ann', 'bob', 'x', 'key')).rejects.toBeInstanceOf(BlockedError);
    await fanout.follows.unblock('bob', 'ann');
    await expect(send('ann', 'cid', 'x', 'key')).rejects.toBeInstanceOf(IdempotencyConflictError);
    expect(await send('ann', 'bob', 'x', 'key')).toMatchObject({ replayed: false });
    expect((await fanout.messages.inbox('bob')).items).toHaveLength(1);
  });

  it('are one message of many requests under one key at the same time, and one body wins', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, async (_, i) => send('ann', i % 2 === 0 ? 'bob' : 'cid', 'x', 'race')),
    );
    const taken = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(taken).toHaveLength(20);
    expect(taken.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(taken.map(({ message }) => message.id)).size).toBe(1);
    const inboxes = await Promise.all(['bob', 'cid'].map((user) => fanout.messages.inbox(user)));
    expect(inboxes.flatMap(({ items }) => items)).toHaveLength(1);
  });

  it('are one message where the caller repeats a request by its id, also when it was read', async () => {
    const draft = { from: 'ann', to: 'bob', text: 'x', requestId: 'request' };
    const first = await fanout.messages.send(draft);
    await fanout.messages.markRead('bob', first.message.id);
    expect(await fanout.messages.send(draft)).toEqual({ message: first.message, replayed: true });
    expect(await fanout.messages.send({ ...draft, requestId: 'other' })).toMatchObject({ replayed: false });
    // A key of the caller's is no request.
    expect(await send('ann', 'bob', 'x', 'request')).toMatchObject({ replayed: false });
    expect((await fanout.messages.inbox('bob')).items).toHaveLength(2);
  });

  it('are remembered for a day under a key, and else for minutes', async () => {
    await send('ann', 'bob', 'x', 'key');
    await send('cid', 'bob', 'x');
    const life = async (pattern: string): Promise<number[]> =>
      Promise.all((await fixture.allKeys(pattern)).map(async (key) => fixture.client.pttl(key)));
    const days = [...(await life('*:message-key:*')), ...(await life('*:sent:ann:*'))];
    expect(days).toHaveLength(2);
    for (const ms of days) expect(ms > DAY_MS - 60_000 && ms <= DAY_MS).toBe(true);
    const [minutes = 0, ...others] = await life('*:sent:cid:*');
    expect(others).toEqual([]);
    expect(minutes > 120_000 && minutes <= 600_000).toBe(true);
  });

  it('are refused from or to what is no user', async () => {
    await expect(send('a b', 'bob', 'x')).rejects.toBeInstanceOf(InvalidUserIdError);
    await expect(send('ann', 'bob:x', 'x')).rejects.toBeInstanceOf(InvalidUserIdError);
    await expect(fanout.messages.inbox('')).rejects.toBeInstanceOf(InvalidUserIdError);
    await expect(fanout.messages.find('a.b', [])).rejects.toBeInstanceOf(InvalidUserIdError);
    await expect(fanout.messages.markRead('a.b', '1'.repeat(19))).rejects.toBeInstanceOf(InvalidUserIdError);
  });
});

/** Other users that live in the same partition of eight. */
function neighboursOf(user: string, count: number): string[] {
  const found: string[] = [];
  for (let i = 0; found.length < count; i++) {
    if (partitionOfUser(`user-${i}`, 8) === partitionOfUser(user, 8)) found.push(`user-${i}`);
  }
  return found;
}
