import {
  type DirectMessage,
  InboxFullError,
  InvalidCursorError,
  InvalidMessageIdError,
} from '../../src/index.js';
import { Messages } from '../../src/messages/messages.js';
import { openPartitioned } from '../../src/redis/open.js';
import { Fixture } from '../support/fixture.js';

let fixture: Fixture;
let messages: Messages;
beforeAll(async () => {
  fixture = await Fixture.standalone();
});
beforeEach(async () => {
  ({ messages } = await fixture.open({ partitions: 2 }));
});
afterAll(async () => {
  await fixture.stop();
});

/** The same inboxes with other limits. */
async function limited(maxUnread: number, clearBudget = 1000): Promise<Messages> {
  const { client, prefix } = fixture;
  return new Messages(
    await openPartitioned({ client, prefix }),
    { historyMaxEvents: 10_000 },
    { maxUnread, clearBudget },
  );
}

async function sendMany(count: number, from: (i: number) => string = () => 'ann'): Promise<DirectMessage[]> {
  const sent: DirectMessage[] = [];
  for (let i = 0; i < count; i++) {
    const { id, to, text, createdAt } = (await messages.send({ from: from(i), to: 'bob', text: `text ${i}` }))
      .message;
    sent.push({ id, from: from(i), to, text, createdAt });
  }
  return sent;
}

/** The id that follows, or comes before, another one. */
const beside = (id: string | undefined, step: 1n | -1n): string =>
  String(BigInt(id ?? '') + step).padStart(19, '0');

describe('a page of an inbox', () => {
  it.each([1, 2, 7, 23, 100])('is full unless it is the last, %i messages each', async (limit) => {
    const sent = await sendMany(23, (i) => `user-${i % 3}`);
    const seen: DirectMessage[] = [];
    let cursor: string | undefined;
    do {
      const page = await messages.inbox('bob', { limit, cursor });
      expect(page.unread).toEqual({ 'user-0': 8, 'user-1': 8, 'user-2': 7 });
      expect(page.items).toHaveLength(Math.min(limit, 23 - seen.length));
      seen.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(sent);
  });

  it('has fifty messages unless told', async () => {
    const sent = await sendMany(51);
    const { items, nextCursor } = await messages.inbox('bob');
    expect(items).toEqual(sent.slice(0, 50));
    expect((await messages.inbox('bob', { cursor: nextCursor ?? '' })).items).toEqual(sent.slice(50));
  });

  it('goes on where the last one ended, whatever is read and sent meanwhile', async () => {
    const sent = await sendMany(10);
    const { nextCursor } = await messages.inbox('bob', { limit: 4 });
    const next = async (): Promise<readonly DirectMessage[]> =>
      (await messages.inbox('bob', { limit: 4, cursor: nextCursor ?? '' })).items;
    await messages.markRead('bob', sent[2]?.id ?? '');
    expect(await next()).toEqual(sent.slice(4, 8));
    await messages.markRead('bob', sent[5]?.id ?? '');
    expect(await next()).toEqual(sent.slice(6, 10));
    const more = await sendMany(3);
    expect(await next()).toEqual(sent.slice(6, 10));
    await messages.markRead('bob', sent[9]?.id ?? '');
    expect(await next()).toEqual(more);
  });

  it('is refused after a cursor that none gave', async () => {
    await expect(messages.inbox('bob', { cursor: 'x' })).rejects.toBeInstanceOf(InvalidCursorError);
  });
});

describe('what a user has read', () => {
  it('is gone with everything before it, and its counts', async () => {
    const sent = await sendMany(9, (i) => `user-${i % 3}`);
    await messages.markRead('bob', sent[4]?.id ?? '');
    expect(await messages.inbox('bob')).toEqual({
      items: sent.slice(5),
      unread: { 'user-0': 1, 'user-1': 1, 'user-2': 2 },
      nextCursor: null,
    });
    for (let i = 0; i < 2; i++) await messages.markRead('bob', sent[7]?.id ?? '');
    await messages.markRead('bob', sent[4]?.id ?? '');
    expect(await messages.inbox('bob')).toEqual({
      items: sent.slice(8),
      unread: { 'user-2': 1 },
      nextCursor: null,
    });
    await messages.markRead('bob', sent[8]?.id ?? '');
    expect(await messages.inbox('bob')).toEqual({ items: [], unread: {}, nextCursor: null });
    expect(await fixture.allKeys('*:direct*')).toEqual([]);
  });

  it('can be told by any id as a place', async () => {
    const sent = await sendMany(4);
    await messages.markRead('bob', '0000000000000000000');
    await messages.markRead('bob', beside(sent[0]?.id, -1n));
    expect((await messages.inbox('bob')).items).toEqual(sent);
    await messages.markRead('bob', beside(sent[1]?.id, 1n));
    // The next id may be that of the next message.
    const left = sent.filter(({ id }) => id > beside(sent[1]?.id, 1n));
    expect((await messages.inbox('bob')).items).toEqual(left);
    await messages.markRead('bob', '9999999999999999999');
    expect((await messages.inbox('bob')).items).toEqual([]);
  });

  it.each(['', '1', '1'.repeat(18), '1'.repeat(20), `-${'1'.repeat(18)}`, '~'])(
    'is not told by %j',
    async (id) => {
      await expect(messages.markRead('bob', id)).rejects.toBeInstanceOf(InvalidMessageIdError);
    },
  );

  it('is taken out in bounded calls', async () => {
    const sent = await sendMany(50, (i) => `user-${i % 2}`);
    const bounded = await limited(100, 8);
    await fixture.client.config('RESETSTAT');
    await bounded.markRead('bob', sent[44]?.id ?? '');
    const stats = await fixture.client.info('commandstats');
    expect(Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1])).toBe(Math.ceil(45 / 8));
    expect(await messages.inbox('bob')).toEqual({
      items: sent.slice(45),
      unread: { 'user-0': 2, 'user-1': 3 },
      nextCursor: null,
    });
  });

  it('counts large messages for more', async () => {
    for (let i = 0; i < 6; i++) await messages.send({ from: 'ann', to: 'bob', text: 'x'.repeat(40_000) });
    const bounded = await limited(100, 20);
    await fixture.client.config('RESETSTAT');
    await bounded.markRead('bob', '9999999999999999999');
    const stats = await fixture.client.info('commandstats');
    expect(Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1])).toBe(3);
  });
});

describe('looking for messages', () => {
  it('finds those that are unread, in the order of the ids', async () => {
    const sent = await sendMany(9);
    await messages.markRead('bob', sent[1]?.id ?? '');
    const ids = [7, 0, 3, 2, 8, 1].map((i) => sent[i]?.id ?? '');
    expect(await messages.find('bob', ids)).toEqual([7, 3, 2, 8].map((i) => sent[i]));
    expect(await messages.find('bob', [])).toEqual([]);
    expect(await messages.find('ann', ids)).toEqual([]);
    const strangers = [
      '',
      'x',
      '0'.repeat(19),
      '9'.repeat(19),
      beside(sent[2]?.id, -1n),
      beside(sent[8]?.id, 1n),
    ];
    expect(await messages.find('bob', strangers)).toEqual([]);
  });

  it('takes any number of ids', async () => {
    const sent = await sendMany(250);
    expect(await messages.find('bob', sent.map(({ id }) => id).reverse())).toEqual(sent.toReversed());
  });
});

describe('a full inbox', () => {
  it('takes no more until some are read, and still knows what it has taken', async () => {
    const bounded = await limited(3);
    const draft = { from: 'ann', to: 'bob', text: 'x', idempotencyKey: 'key' };
    const first = await bounded.send(draft);
    const [second] = await sendMany(2);
    const refusal: unknown = await bounded
      .send({ ...draft, idempotencyKey: 'next' })
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InboxFullError);
    expect(refusal).toMatchObject({ user: 'bob', maxMessages: 3, retryable: true });
    expect(await bounded.inbox('bob')).toMatchObject({ items: { length: 3 }, unread: { ann: 3 } });
    expect(await bounded.send(draft)).toEqual({ ...first, replayed: true });
    await bounded.send({ ...draft, to: 'cid', idempotencyKey: 'elsewhere' });
    await bounded.markRead('bob', first.message.id);
    await bounded.send({ ...draft, idempotencyKey: 'next' });
    const { items } = await bounded.inbox('bob');
    expect(items[0]).toEqual(second);
    expect(items).toHaveLength(3);
  });

  it('holds ten thousand', async () => {
    const [first] = await sendMany(1);
    const [inbox = ''] = await fixture.allKeys('*:direct:bob');
    await fixture.client.rpush(inbox, ...Array.from({ length: 9998 }, () => `${first?.id ?? ''} ann x`));
    await messages.send({ from: 'ann', to: 'bob', text: 'the last' });
    await expect(messages.send({ from: 'ann', to: 'bob', text: 'x' })).rejects.toMatchObject({
      maxMessages: 10_000,
    });
  });
});
