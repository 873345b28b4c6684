import { createHash, randomUUID } from 'node:crypto';

import { BlockedError, IdempotencyConflictError, InboxFullError, InvalidMessageIdError } from '../errors.js';
import { clearDirectMessages } from '../lua/clear-direct-messages.js';
import { findDirectMessages } from '../lua/find-direct-messages.js';
import { readDirectMessages } from '../lua/read-direct-messages.js';
import { type MessageDelivery, sendMessage, type SendOutcome } from '../lua/send-message.js';
import type { FanoutSettings } from '../options.js';
import { type PartitionedRedis, unavailableAsSuch } from '../redis/partitioned.js';
import type { Page } from '../timelines/timelines.js';
import { checkUserIds } from '../user-id.js';
import { type DirectMessage, directMessage, storedMessage } from './direct-message.js';
import { decodeInboxCursor, encodeInboxCursor } from './inbox-cursor.js';

/** What a user writes to another, or to themselves. */
export interface MessageDraft {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /**
   * Lets the same request be repeated: for 24 hours the same key of the same sender gives the message of the first time,
   * or a conflict where recipient or text differs. A message that was refused holds its key, too.
   */
  readonly idempotencyKey?: string;
  /**
   * Names this one message for five minutes, and never another: for callers who repeat a call by themselves. It costs less
   * than `idempotencyKey`, which takes its place where both are given; unless given it is random.
   */
  readonly requestId?: string;
}

/** A direct message as its sender sees it. */
export interface SentMessage extends DirectMessage {
  readonly delivered: MessageDelivery;
}

/** What sending came to: a message, and whether an earlier call has sent it. */
export interface SendResult {
  readonly message: SentMessage;
  readonly replayed: boolean;
}

/** A page of a user's unread messages, the oldest first. */
export interface InboxPage extends Page<DirectMessage> {
  /** How many messages of each sender are unread, on this page or another. */
  readonly unread: Readonly<Record<string, number>>;
}

/** Which page of an inbox. */
export interface InboxRequest {
  /** Messages of a page, 1 to 100; default 50. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** What bounds inboxes, and the work of one script call on them. */
export interface MessageLimits {
  /** Unread messages of a user; further ones are refused. */
  readonly maxUnread: number;
  /** Microseconds, about, that one call takes messages out of an inbox. */
  readonly clearBudget: number;
}

const DAY_MS = 24 * 3600 * 1000;
/** Without a key of the caller's, a call is known for so long: commands are sent again after a reconnect. */
const RESEND_MS = 5 * 60_000;
/** Messages that one call looks up: each costs some looks at the list. */
const MAX_IDS_OF_CALL = 100;
const LIMITS: MessageLimits = { maxUnread: 10_000, clearBudget: 1000 };

/**
 * Direct messages between two users. What was accepted is in the recipient's inbox, once, until it is read, in the order of
 * accepting; the notifiers that hold connections of the recipient are told at once. An inbox holds 10,000 messages; what
 * was accepted before a block stays in it.
 */
export class Messages {
  constructor(
    private readonly redis: PartitionedRedis,
    private readonly settings: Pick<FanoutSettings, 'historyMaxEvents'>,
    private readonly limits: MessageLimits = LIMITS,
  ) {}

  /**
   * Sends a message. When it resolves, the message is in the inbox; where it rejects with one of the errors below, it is
   * not.
   *
   * @throws BlockedError where one of the two has blocked the other; InboxFullError, IdempotencyConflictError,
   *   StorageUnavailableError, InvalidUserIdError
   */
  async send(draft: MessageDraft): Promise<SendResult> {
    const { from, to, text } = draft;
    checkUserIds(from, to);
    const result = await this.runSend(draft);
    switch (result.outcome) {
      case 'sent':
      case 'replayed': {
        const message = { ...directMessage(result.id, from, to, text), delivered: result.delivered };
        return { message, replayed: result.outcome === 'replayed' };
      }
      case 'conflict':
        throw new IdempotencyConflictError();
      case 'blocked':
        throw new BlockedError(from, to);
      case 'full':
        throw new InboxFullError(to, this.limits.maxUnread);
    }
  }

  /**
   * A page of a user's unread messages, the oldest first, and the counts of the same moment. Reading takes nothing. A page
   * goes on after the last message of the one before, also where that one was read meanwhile.
   *
   * @throws InvalidCursorError, InvalidUserIdError, StorageUnavailableError
   */
  async inbox(user: string, { limit = 50, cursor }: InboxRequest = {}): Promise<InboxPage> {
    checkUserIds(user);
    const after = cursor === undefined ? '' : decodeInboxCursor(cursor);
    const { entries, hasMore, unread } = await unavailableAsSuch(
      readDirectMessages(this.redis.client, this.keysOf(user), { after, limit }),
    );
    const items = entries.map((entry) => storedMessage(entry, user));
    const last = items.at(-1);
    return { items, unread, nextCursor: hasMore && last ? encodeInboxCursor(last.id) : null };
  }

  /**
   * The messages with these ids that a user has not read yet, in the order of the ids; the rest is left out. One round
   * trip.
   *
   * @throws InvalidUserIdError, StorageUnavailableError
   */
  async find(user: string, ids: readonly string[]): Promise<DirectMessage[]> {
    checkUserIds(user);
    const keys = this.keysOf(user);
    const calls: Promise<string[]>[] = [];
    for (let from = 0; from < ids.length; from += MAX_IDS_OF_CALL) {
      calls.push(findDirectMessages(this.redis.client, keys, ids.slice(from, from + MAX_IDS_OF_CALL)));
    }
    const found = await unavailableAsSuch(Promise.all(calls));
    return found.flat().map((entry) => storedMessage(entry, user));
  }

  /**
   * Notes that a user has read everything up to a message, that one included; also when repeated, and where there is no
   * such message any more. When it resolves, no inbox shows or counts it; where it rejects, the oldest may be gone, and it
   * is to be repeated.
   *
   * @throws InvalidMessageIdError where it is not 19 digits; InvalidUserIdError, StorageUnavailableError
   */
  async markRead(user: string, through: string): Promise<void> {
    checkUserIds(user);
    if (!/^\d{19}$/.test(through)) throw new InvalidMessageIdError();
    const args = { through, budget: this.limits.clearBudget };
    let left: number;
    do {
      left = await unavailableAsSuch(clearDirectMessages(this.redis.client, this.keysOf(user), args));
    } while (left > 0);
  }

  /** A key is claimed for one message first, where all messages of the sender see it, whoever they are to. */
  private async runSend(draft: MessageDraft): Promise<SendOutcome> {
    const { from, to, text, idempotencyKey, requestId = randomUUID() } = draft;
    if (idempotencyKey === undefined) {
      // Nobody guesses it, so it does not meet a key of the caller's.
      return this.runScript(draft, { key: `:${requestId}`, digest: '', keepMs: RESEND_MS });
    }
    const digest = createHash('sha256')
      .update(JSON.stringify([to, text]))
      .digest('base64url');
    const isOurs = await this.claim(from, idempotencyKey, digest);
    if (!isOurs) return { outcome: 'conflict' };
    return this.runScript(draft, { key: idempotencyKey, digest, keepMs: DAY_MS });
  }

  /** Whether a sender's key stands for a message, from now on or since earlier. */
  private async claim(from: string, key: string, digest: string): Promise<boolean> {
    const { keys } = this.redis;
    const [earlier] = await this.redis.pipeline([
      {
        partition: keys.partitionOf(from),
        command: ['SET', keys.messageKey(from, key), digest, 'NX', 'GET', 'PX', DAY_MS],
      },
    ]);
    return earlier === null || earlier === digest;
  }

  private async runScript(
    { from, to, text }: MessageDraft,
    { key, digest, keepMs }: { key: string; digest: string; keepMs: number },
  ): Promise<SendOutcome> {
    const { keys } = this.redis;
    const partition = keys.partitionOf(to);
    const names = {
      ...this.keysOf(to),
      lastId: keys.lastId(partition),
      sent: keys.sentMessage(from, to, key),
      blocked: keys.blocked(to),
      blockedBy: keys.blockedBy(to),
      deliveries: keys.deliveries(partition),
      online: keys.online(partition),
      guard: keys.guard(partition),
    };
    return unavailableAsSuch(
      sendMessage(this.redis.client, names, {
        partition: keys.digits(partition),
        from,
        to,
        text,
        digest,
        keepMs,
        maxMessages: this.limits.maxUnread,
        maxDeliveries: this.settings.historyMaxEvents,
        liveStem: keys.live(partition),
        notifierStem: keys.notifier(partition),
      }),
    );
  }

  private keysOf(user: string): Record<'inbox' | 'unread', string> {
    const { keys } = this.redis;
    return { inbox: keys.directMessages(user), unread: keys.directUnread(user) };
  }
}
