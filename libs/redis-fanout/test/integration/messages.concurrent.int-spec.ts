import {
  connectRedis,
  type DirectMessage,
  Fanout,
  InboxFullError,
  type RedisClient,
} from '../../src/index.js';
import { Messages } from '../../src/messages/messages.js';
import { openPartitioned } from '../../src/redis/open.js';
import { until } from '../support/faults.js';
import { Fixture } from '../support/fixture.js';

const SENDERS = ['s1', 's2', 's3', 's4', 's5'];
const READERS = ['r1', 'r2', 'r3'];
const EACH = 120;

/** Pages as a reader does who looks at all of an inbox; checks that each is in order. */
async function wholeInbox(messages: Messages, user: string, limit: number): Promise<DirectMessage[]> {
  const seen: DirectMessage[] = [];
  let cursor: string | undefined;
  do {
    const page = await messages.inbox(user, { limit, cursor });
    seen.push(...page.items);
    if (cursor === undefined && page.nextCursor === null) {
      // All of the inbox is on this page, so the counts are those of its messages.
      const counts = Object.values(page.unread).reduce((sum, count) => sum + count, 0);
      expect(counts).toBe(page.items.length);
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const ids = seen.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort());
  return seen;
}

describe.each(['standalone', 'cluster'] as const)('on a %s', (kind) => {
  let fixture: Fixture;
  let clients: RedisClient[];
  let instances: Messages[];
  beforeAll(async () => {
    fixture = await Fixture[kind]();
    await fixture.open({ partitions: 4 });
    clients = [connectRedis(fixture.url), connectRedis(fixture.url)];
    const { prefix } = fixture;
    // Few fit, and taking them out needs several calls: so that everybody meets everybody.
    instances = await Promise.all(
      clients.map(
        async (client) =>
          new Messages(
            await openPartitioned({ client, prefix }),
            { historyMaxEvents: 10_000 },
            { maxUnread: 40, clearBudget: 3 },
          ),
      ),
    );
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await fixture.stop();
  });
  const instance = (i: number): Messages => instances[i % instances.length]!;

  /** Sends numbered messages to a reader, each after the one before, on one instance or another, and some twice. */
  async function write(from: string, to: string): Promise<void> {
    for (let i = 0; i < EACH; i++) {
      const draft = {
        from,
        to,
        text: String(i),
        ...(i % 2 === 0 ? { idempotencyKey: `${to} ${i}` } : { requestId: `${to}-${i}` }),
      };
      const twice = async (): Promise<unknown> =>
        Promise.all((i % 3 === 0 ? [i, i + 1] : [i]).map(async (n) => instance(n).send(draft)));
      await until(
        async () =>
          twice().then(
            () => true,
            (error: unknown) => {
              if (error instanceof InboxFullError) return false;
              throw error;
            },
          ),
        'there is room',
      );
    }
  }

  /** Reads page by page, and takes out what was read, until everything has come. */
  async function read(user: string): Promise<DirectMessage[]> {
    const seen: DirectMessage[] = [];
    await until(async () => {
      const { items } = await instance(seen.length).inbox(user, { limit: 1 + (seen.length % 9) });
      seen.push(...items);
      const last = items.at(-1);
      // By both at the same time.
      if (last) await Promise.all(instances.map(async (messages) => messages.markRead(user, last.id)));
      return seen.length >= SENDERS.length * EACH;
    }, `${user} has everything`);
    return seen;
  }

  it('nothing is lost or doubled, and each sender keeps the order, while all write and read at once', async () => {
    let running = true;
    const looking = READERS.map(async (reader, i) => {
      while (running) await wholeInbox(instance(i), reader, 3 + 20 * i);
    });
    const writing = READERS.flatMap((to) => SENDERS.map(async (from) => write(from, to)));
    const inboxes = await Promise.all(READERS.map(read));
    await Promise.all(writing);
    running = false;
    await Promise.all(looking);
    for (const [i, reader] of READERS.entries()) {
      const seen = inboxes[i] ?? [];
      for (const sender of SENDERS) {
        const texts = seen.filter(({ from }) => from === sender).map(({ text }) => text);
        expect(texts).toEqual(Array.from({ length: EACH }, (_, n) => String(n)));
      }
      expect(seen.map(({ id }) => id)).toEqual(seen.map(({ id }) => id).sort());
      expect(await instance(0).inbox(reader)).toEqual({ items: [], unread: {}, nextCursor: null });
    }
  });
});

describe('a block', () => {
  it('that has been answered is true of every message that is sent after it', async () => {
    const fixture = await Fixture.standalone();
    const fanout = await fixture.open({ partitions: 4 });
    const other = await Fanout.open({ client: fixture.client, prefix: fixture.prefix });
    let isBlocked = false;
    const late: string[] = [];
    const writing = SENDERS.map(async (from, i) => {
      for (let n = 0; n < 1000; n++) {
        const wasBlocked = isBlocked;
        const sent = await (i % 2 === 0 ? fanout : other).messages
          .send({ from, to: 'r1', text: String(n) })
          .catch(() => undefined);
        if (wasBlocked && sent !== undefined) late.push(sent.message.id);
        if (sent === undefined) return true;
      }
      return false;
    });
    await until(async () => (await fanout.messages.inbox('r1')).items.length > 20, 'messages have come');
    await Promise.all(
      SENDERS.map(async (from, i) =>
        i % 2 === 0 ? fanout.follows.block('r1', from) : fanout.follows.block(from, 'r1'),
      ),
    );
    isBlocked = true;
    expect(await Promise.all(writing)).toEqual(SENDERS.map(() => true));
    expect(late).toEqual([]);
    await fixture.stop();
  });
});
