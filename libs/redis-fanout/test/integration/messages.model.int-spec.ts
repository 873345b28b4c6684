import fc from 'fast-check';

import {
  BlockedError,
  type DirectMessage,
  type Fanout,
  IdempotencyConflictError,
  InboxFullError,
  partitionOfUser,
  type SentMessage,
} from '../../src/index.js';
import { type MessageDraft, Messages } from '../../src/messages/messages.js';
import { openPartitioned } from '../../src/redis/open.js';
import { Fixture } from '../support/fixture.js';

const LIMITS = { maxUnread: 6, clearBudget: 2 };
const users = ['ann', 'bob', 'cid', '__proto__'];
const user = fc.constantFrom(...users);

const step = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      from: user,
      to: user,
      text: fc.constantFrom('x', ' y z', '\u{1f600}\n'),
      key: fc.constantFrom(undefined, undefined, 'k', 'l'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('repeat' as const), nth: fc.nat() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('markRead' as const),
      reader: user,
      nth: fc.nat(),
      step: fc.constantFrom(-1n, 0n, 0n, 1n),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('block' as const), reader: user, other: user }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unblock' as const), reader: user, other: user }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      reader: user,
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('find' as const),
      reader: user,
      some: fc.array(fc.nat(), { maxLength: 6 }),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The plainest thing that could be right. */
class Model {
  readonly inboxes = new Map<string, readonly DirectMessage[]>(users.map((name) => [name, []]));
  readonly requests: (MessageDraft & { readonly requestId: string })[] = [];
  readonly ids: string[] = [];
  private readonly claims = new Map<string, string>();
  private readonly sent = new Map<string, SentMessage>();
  private readonly blocks = new Set<string>();

  inbox(name: string): readonly DirectMessage[] {
    return this.inboxes.get(name) ?? [];
  }
  /** What sending has to come to: an error, an earlier message, or a new one. */
  expected(
    draft: MessageDraft,
  ): 'new' | SentMessage | typeof BlockedError | typeof InboxFullError | typeof IdempotencyConflictError {
    const { from, to, text, idempotencyKey } = draft;
    if (idempotencyKey !== undefined) {
      const claim = this.claims.get(`${from} ${idempotencyKey}`) ?? `${to} ${text}`;
      this.claims.set(`${from} ${idempotencyKey}`, claim);
      if (claim !== `${to} ${text}`) return IdempotencyConflictError;
    }
    const earlier = this.sent.get(nameOf(draft));
    if (earlier !== undefined) return earlier;
    if (this.blocks.has(`${from} ${to}`) || this.blocks.has(`${to} ${from}`)) return BlockedError;
    return this.inbox(to).length < LIMITS.maxUnread ? 'new' : InboxFullError;
  }
  add(draft: MessageDraft, sent: SentMessage): void {
    const { id, from, to, text, createdAt } = sent;
    this.inboxes.set(to, [...this.inbox(to), { id, from, to, text, createdAt }]);
    this.sent.set(nameOf(draft), sent);
    this.ids.push(sent.id);
  }
  markRead(reader: string, through: string): void {
    this.inboxes.set(
      reader,
      this.inbox(reader).filter(({ id }) => id > through),
    );
  }
  block(one: string, other: string): void {
    this.blocks.add(`${one} ${other}`);
  }
  unblock(one: string, other: string): void {
    this.blocks.delete(`${one} ${other}`);
  }
  unread(reader: string): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { from } of this.inbox(reader)) counts.set(from, (counts.get(from) ?? 0) + 1);
    return counts;
  }
}

function nameOf({ from, idempotencyKey, requestId = '' }: MessageDraft): string {
  return idempotencyKey === undefined ? `request ${requestId}` : `${from} ${idempotencyKey}`;
}

class World {
  private readonly model = new Model();
  constructor(
    private readonly fanout: Fanout,
    private readonly messages: Messages,
  ) {}

  async perform(action: Step): Promise<void> {
    switch (action.do) {
      case 'send': {
        const { from, to, text, key } = action;
        const requestId = `request-${this.model.requests.length}`;
        const request = { from, to, text, requestId, ...(key !== undefined && { idempotencyKey: key }) };
        this.model.requests.push(request);
        await this.send(request);
        return;
      }
      case 'repeat': {
        const request = this.model.requests[action.nth % Math.max(1, this.model.requests.length)];
        if (request !== undefined) await this.send(request);
        return;
      }
      case 'markRead': {
        const id = BigInt(this.nth(action.nth) ?? '1700000000000000000') + action.step;
        await this.messages.markRead(action.reader, String(id));
        this.model.markRead(action.reader, String(id));
        return;
      }
      case 'block':
      case 'unblock':
        if (action.reader === action.other) return;
        await this.fanout.follows[action.do](action.reader, action.other);
        this.model[action.do](action.reader, action.other);
        return;
      case 'read':
        await this.expectInbox(action.reader, action.limit);
        return;
      case 'find': {
        const ids = action.some.map((nth) => this.nth(nth) ?? '1'.repeat(19));
        const inbox = this.model.inbox(action.reader);
        const found = ids.flatMap((wanted) => inbox.filter(({ id }) => id === wanted));
        expect(await this.messages.find(action.reader, ids)).toEqual(found);
      }
    }
  }

  async expectInbox(reader: string, limit: number): Promise<void> {
    const expected = this.model.inbox(reader);
    const seen: DirectMessage[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.messages.inbox(reader, { limit, cursor });
      expect(new Map(Object.entries(page.unread))).toEqual(this.model.unread(reader));
      expect(page.items).toHaveLength(Math.min(limit, expected.length - seen.length));
      seen.push(...page.items);
      cursor = page.nextCursor ?? undefined;
      expect(cursor === undefined).toBe(seen.length === expected.length);
    } while (cursor !== undefined);
    expect(seen).toEqual(expected);
  }

  private async send(draft: MessageDraft): Promise<void> {
    const expected = this.model.expected(draft);
    if (typeof expected === 'function') {
      await expect(this.messages.send(draft)).rejects.toBeInstanceOf(expected);
      return;
    }
    const { message, replayed } = await this.messages.send(draft);
    if (expected !== 'new') {
      expect({ message, replayed }).toEqual({ message: expected, replayed: true });
      return;
    }
    const { from, to, text } = draft;
    expect({ message, replayed }).toMatchObject({
      message: { from, to, text, delivered: 'inbox' },
      replayed: false,
    });
    this.model.add(draft, message);
  }

  private nth(n: number): string | undefined {
    return this.model.ids[n % Math.max(1, this.model.ids.length)];
  }
}

describe.each([
  ['standalone', 1, 150],
  ['standalone', 3, 150],
  ['cluster', 12, 40],
] as const)('direct messages on a %s, %i partitions', (kind, partitions, numRuns) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture[kind]();
  });
  afterAll(async () => {
    await fixture.stop();
  });

  it('are what a plain model says, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const fanout = await fixture.open({ partitions });
        const { client, prefix } = fixture;
        const world = new World(
          fanout,
          new Messages(await openPartitioned({ client, prefix }), { historyMaxEvents: 100 }, LIMITS),
        );
        for (const action of steps) await world.perform(action);
        for (const name of users) await world.expectInbox(name, 2);
      }),
      { numRuns, endOnFailure: false },
    );
  });
});

describe('the users of these tests', () => {
  it('live in different partitions', () => {
    expect(new Set(users.map((name) => partitionOfUser(name, 3))).size).toBeGreaterThan(1);
  });
});
