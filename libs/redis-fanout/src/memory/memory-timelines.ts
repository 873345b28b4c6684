import { IdempotencyConflictError, SelfFollowError } from '../errors.js';
import { partitionDigits } from '../post-id.js';
import { TIMELINE_CAPABILITIES, type TimelineCapabilities } from '../strategies/capabilities.js';
import { checkWhole, encodePayload } from '../strategies/checks.js';
import type {
  Listening,
  ListenOptions,
  MessageHandler,
  MessagePage,
  Published,
  PublishOptions,
  ReadRequest,
  SubscribeOptions,
} from '../strategies/fanout-strategy.js';
import { decodeCursor, encodeCursor } from '../timelines/cursor.js';
import { checkUserIds } from '../user-id.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { Audience, type Line } from './line.js';
import { type LiveEar, MemoryStrategy } from './memory-strategy.js';
import { Multimap } from './multimap.js';
import { Sequence, type StoredMessage, toMessage } from './stored-message.js';

const DAY_MS = 24 * 3600 * 1000;
/** Three digits of an id count within a millisecond. */
const MAX_N = 999;

/** What all timelines of one prefix have in common. */
export class TimelineStore {
  readonly following = new Multimap<string>();
  readonly followers = new Multimap<string>();
  /** Of everybody, the oldest first. */
  readonly messages: StoredMessage[] = [];
  readonly sequence = new Sequence(MAX_N);
  readonly keys = new IdempotencyKeys();
  readonly audience: Audience<LiveEar>;

  constructor(line: Line) {
    this.audience = new Audience(line, TIMELINE_CAPABILITIES.gapless);
  }
}

/** The twin of timelines. */
export class MemoryTimelines<Payload> extends MemoryStrategy<Payload> {
  readonly capabilities: TimelineCapabilities = TIMELINE_CAPABILITIES;
  protected readonly name = 'timelines';

  constructor(
    private readonly store: TimelineStore,
    private readonly settings: { readonly maxPayloadBytes: number },
  ) {
    super();
  }

  publish(source: string, payload: Payload, { idempotencyKey }: PublishOptions = {}): Promise<Published> {
    return this.call(() => {
      checkUserIds(source);
      const json = encodePayload(payload, this.settings.maxPayloadBytes);
      const earlier = this.store.keys.earlier(source, idempotencyKey);
      if (earlier !== undefined && earlier.json !== json) throw new IdempotencyConflictError();
      if (earlier !== undefined) return { id: earlier.id, repeated: true, receivers: null };
      const { id } = this.add(source, json);
      this.store.keys.note(source, idempotencyKey, DAY_MS, { id, json });
      return { id, repeated: false, receivers: null };
    });
  }

  subscribe(recipient: string, source: string, options: SubscribeOptions = {}): Promise<void> {
    return this.call(() => {
      checkUserIds(recipient, source);
      this.checkOptions(options);
      if (recipient === source) throw new SelfFollowError(recipient);
      this.store.following.add(recipient, source);
      this.store.followers.add(source, recipient);
    });
  }

  unsubscribe(recipient: string, source: string): Promise<void> {
    return this.call(() => {
      checkUserIds(recipient, source);
      this.store.following.delete(recipient, source);
      this.store.followers.delete(source, recipient);
    });
  }

  listen(
    recipient: string,
    handler: MessageHandler<Payload>,
    options: ListenOptions = {},
  ): Promise<Listening> {
    return this.call(() => {
      checkUserIds(recipient);
      return this.listenLive(this.store.audience, recipient, handler, options);
    });
  }

  override read(recipient: string, { limit = 50, cursor }: ReadRequest = {}): Promise<MessagePage<Payload>> {
    return this.call(() => {
      checkUserIds(recipient);
      checkWhole('limit', limit, 1, 100);
      const found = this.newestBelow(recipient, decodeCursor(cursor).below, limit + 1);
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return {
        items: page.map((message) => toMessage<Payload>(message)),
        nextCursor:
          last !== undefined && found.length > limit ? encodeCursor({ below: last.id, offset: 0 }) : null,
      };
    });
  }

  private add(source: string, json: string): StoredMessage {
    const { sequence, messages, followers, audience } = this.store;
    const { ms, n } = sequence.next();
    const id = `${String(ms).padStart(13, '0')}${partitionDigits(0)}${String(n).padStart(3, '0')}`;
    const message = { id, source, json, ms, n };
    messages.push(message);
    for (const recipient of [source, ...followers.get(source)]) {
      audience.tell(recipient, (listener) => {
        listener.hear(message);
      });
    }
    return message;
  }

  private newestBelow(recipient: string, below: string, count: number): StoredMessage[] {
    const sources = new Set([recipient, ...this.store.following.get(recipient)]);
    const found: StoredMessage[] = [];
    for (let i = this.store.messages.length - 1; i >= 0 && found.length < count; i--) {
      const message = this.store.messages[i];
      if (message !== undefined && message.id < below && sources.has(message.source)) found.push(message);
    }
    return found;
  }
}
