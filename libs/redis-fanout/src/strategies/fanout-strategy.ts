import type {
  Capabilities,
  ListCapabilities,
  PubSubCapabilities,
  StreamCapabilities,
  TimelineCapabilities,
} from './capabilities.js';

/**
 * One contract for every way to fan out: what a source publishes reaches the recipients that are subscribed to it. What
 * else there is depends on the capabilities: `read` where messages are kept, `take` and `acknowledge` where they are
 * acknowledged, and so on. An operation that a strategy cannot do is no member of its type, and rejects with an
 * `UnsupportedOperationError` where it is called all the same.
 *
 * Sources and recipients are names of 1 to 128 characters of `A-Z a-z 0-9 _ - . : @ /` (timelines: 1 to 64 of
 * `A-Z a-z 0-9 _ -`); they need no registering. Payloads are JSON values, at most `maxPayloadBytes` as JSON in UTF-8.
 *
 * Every operation may reject with `StorageUnavailableError` (retryable: Redis does not serve at this moment),
 * `InvalidNameError`, `InvalidOptionError`, and after `close` with `ClosedError`.
 */
export type FanoutStrategy<Payload, C extends Capabilities = Capabilities> = FanoutOperations<Payload, C> &
  (C['keptForAbsent'] extends true ? KeepingOperations<Payload> : unknown) &
  (C['acknowledged'] extends true ? AcknowledgingOperations<Payload> : unknown) &
  (C extends { readonly acknowledged: true; readonly replayable: true } ? ReplayingOperations : unknown) &
  (C['backlogVisible'] extends true ? BacklogOperations : unknown);

/** What every strategy can do. */
export interface FanoutOperations<Payload, C extends Capabilities = Capabilities> {
  /** What this strategy promises, and what it cannot do. */
  readonly capabilities: C;

  /**
   * Publishes a message from a source to all that are subscribed to it.
   *
   * - Order: messages that one caller publishes from one source, each after the last one's answer, reach every recipient
   *   in that order.
   * - Loss: where messages are kept, a resolved call means that the message is in Redis, and reaches everyone who was
   *   subscribed before the call, whatever process of ours dies. Otherwise it reaches who listens at that moment.
   * - Repeats: where `exactlyOnce`, publishing again under the same idempotency key of the source does nothing for as long
   *   as the strategy says, also at the same time; a call that failed with a retryable error is repeated under its key,
   *   and completes what was missing.
   *
   * @throws PayloadTooLargeError, InvalidPayloadError, BacklogFullError (retryable)
   */
  publish(source: string, payload: Payload, options?: PublishOptions<C>): Promise<Published>;

  /**
   * Subscribes a recipient to a source. True of every message whose publishing begins after the answer. Doing it again
   * changes nothing. Where messages are kept for the absent the subscription is kept, too; else it is that of this
   * strategy object, and ends with it.
   *
   * @throws AudienceTooLargeError above `capabilities.largestAudience`
   */
  subscribe(recipient: string, source: string, options?: SubscribeOptions<C>): Promise<void>;

  /**
   * Ends a subscription. True of every message whose publishing begins after the answer; what was kept for the recipient
   * before stays, except where a later subscription can begin with what is past (`lateSubscribers`): there all of it
   * goes. Doing it again, or where there is none, changes nothing.
   */
  unsubscribe(recipient: string, source: string): Promise<void>;

  /**
   * Hands messages to a handler: one at a time, the next after the last one's promise. Resolves when the handler will
   * miss nothing that is published from then on.
   *
   * - Where messages are acknowledged, listening takes them, what waits first; several listeners of a recipient, in
   *   any number of processes, share the messages. The lease of a message lasts while its handler works and its process
   *   lives. The handler acknowledges by `acknowledge`; what it does not acknowledge is handed out again when the lease
   *   is over, to whichever listener is there.
   * - Otherwise every listener of a recipient gets every message, each once, from now on. What may have been missed (the
   *   handler was too slow and its bounded queue overran; where the strategy is not `gapless`, the connection was lost) is
   *   told to `onGap`.
   */
  listen(recipient: string, handler: MessageHandler<Payload>, options?: ListenOptions): Promise<Listening>;

  /**
   * Ends all listening, and waits for handlers at work. Closes the connections that the strategy opened, not the one
   * that it was given. What was kept stays.
   */
  close(): Promise<void>;
}

/** Of strategies that keep messages for the absent. */
export interface KeepingOperations<Payload> {
  /**
   * Looks at what is kept for a recipient, and takes nothing: where messages are acknowledged all that is not (also what
   * is taken at this moment), otherwise all there is. A page is full unless it is the last, and later pages have what
   * earlier ones did not, in order, whatever is published or acknowledged between.
   *
   * @throws InvalidCursorError
   */
  read(recipient: string, request?: ReadRequest): Promise<MessagePage<Payload>>;
}

/** Of strategies whose messages are acknowledged. */
export interface AcknowledgingOperations<Payload> {
  /**
   * Takes the oldest messages (of each source) that nobody holds a lease on, for `leaseMs`. A message that is not acknowledged within its
   * lease can be taken again, by anybody, before newer ones, with a higher `attempt`.
   */
  take(recipient: string, request?: TakeRequest): Promise<readonly Message<Payload>[]>;

  /**
   * Acknowledges messages of a recipient, taken or only read: they are not handed out again. Ids that are not (or no
   * longer) kept for the recipient change nothing. All or nothing for the messages of one source.
   *
   * @returns how many were acknowledged by this call.
   */
  acknowledge(recipient: string, ids: string | readonly string[]): Promise<number>;
}

/** Of strategies that keep what was acknowledged. */
export interface ReplayingOperations {
  /**
   * Goes to a point: every message of the source from there on that is still kept is handed out to the recipient anew, in
   * order and from its first attempt on, also what was acknowledged. Of what is before that point only what is taken at
   * this moment comes again, if it is not acknowledged.
   *
   * @throws NotSubscribedError
   */
  replay(recipient: string, source: string, from: StartingPoint): Promise<void>;
}

/** Of strategies that know how much waits. */
export interface BacklogOperations {
  /** What waits for a recipient. */
  backlog(recipient: string): Promise<Backlog>;
}

/** Every operation, whatever the capabilities; those that a strategy cannot do reject with an `UnsupportedOperationError`. */
export type AnyFanoutStrategy<Payload> = FanoutOperations<Payload> &
  KeepingOperations<Payload> &
  AcknowledgingOperations<Payload> &
  ReplayingOperations &
  BacklogOperations;

/** A message as a recipient has it. */
export interface Message<Payload> {
  /** Unique among the messages that one recipient has. */
  readonly id: string;
  readonly source: string;
  readonly payload: Payload;
  /** Milliseconds since 1970, by the clock of Redis (Pub/Sub: of the publisher). */
  readonly publishedAtMs: number;
  /** The how-manieth handing out this is, 1 at first; always 1 where nothing is acknowledged. */
  readonly attempt: number;
}

/** What became of a publishing. */
export interface Published {
  /** The message's id. */
  readonly id: string;
  /** Whether the idempotency key was used before: then nothing was published, and `id` is that of the first time. */
  readonly repeated: boolean;
  /**
   * How many received it: recipients in whose inboxes it was put (lists), connections that listened (Pub/Sub). Null
   * where that is not known at once (timelines, streams), and where it was `repeated`.
   */
  readonly receivers: number | null;
}

/** How to publish. */
export type PublishOptions<C extends Capabilities = Capabilities> = C['exactlyOnce'] extends false
  ? { readonly idempotencyKey?: never }
  : {
      /** 1 to 255 characters of printable ASCII; see `publish`. Only where `exactlyOnce`. */
      readonly idempotencyKey?: string;
    };

/** Where in a source's messages to begin: with the oldest kept, after the newest, or after a message (its id). */
export type StartingPoint = 'beginning' | 'now' | { readonly after: string };

/** How to subscribe. */
export type SubscribeOptions<C extends Capabilities = Capabilities> = 'any-point' extends C['lateSubscribers']
  ? {
      /** Default `now`. Only where `lateSubscribers` is `any-point`. */
      readonly from?: StartingPoint;
    }
  : { readonly from?: never };

/** Called with each message; a rejection leaves the message unacknowledged, and is told to `onError`. */
export type MessageHandler<Payload> = (message: Message<Payload>) => void | Promise<void>;

/** How to listen. */
export interface ListenOptions {
  /** Messages may have been missed; those that are handed over from now on are complete again. */
  readonly onGap?: (gap: Gap) => void;
  /**
   * The handler threw, or Redis did not serve (listening goes on by itself when it serves again). Without it a process
   * warning is emitted.
   */
  readonly onError?: (error: unknown) => void;
  /** How long a message is held; renewed while the handler works. Default 30,000. Where messages are acknowledged. */
  readonly leaseMs?: number;
}

/** A time in which messages may have been missed. */
export interface Gap {
  /** Milliseconds since 1970 by this process' clock: what was published before was handed over. */
  readonly sinceMs: number;
  readonly reason: string;
}

/** A listening that is going on. */
export interface Listening {
  /**
   * Hands over no further message, and resolves when the handler at work has ended: a handler that ends its own
   * listening does not wait for it. What was taken and not handed over can be taken by others at once.
   */
  close(): Promise<void>;
}

/** Which page to read. */
export interface ReadRequest {
  /** 1 to 100, default 50. */
  readonly limit?: number;
  /** `nextCursor` of the page before; undefined for the first. */
  readonly cursor?: string | undefined;
}

/** A page of messages, in the strategy's `readOrder`. */
export interface MessagePage<Payload> {
  readonly items: readonly Message<Payload>[];
  /** Null at the end. */
  readonly nextCursor: string | null;
}

/** What to take. */
export interface TakeRequest {
  /** 1 to 1000, default 10. (Of lists a recipient's listeners and takers hold at most 2,000 at once.) */
  readonly limit?: number;
  /** 10 to 86,400,000, default 30,000. */
  readonly leaseMs?: number;
}

/** How much waits for a recipient. */
export interface Backlog {
  /** Messages that nobody holds. */
  readonly waiting: number;
  /** Messages that were taken, and whose lease is not over. */
  readonly taken: number;
  /** Messages that did not fit any more, since the recipient was first subscribed. */
  readonly dropped: number;
  /** Of those waiting and taken, how many each source has published; sources with none are left out. */
  readonly bySource: ReadonlyMap<string, number>;
  /** How long the oldest of those waiting and taken has been waiting; 0 where there is none. */
  readonly oldestMs: number;
}

/** Of Pub/Sub: subscriptions to all sources whose names match. */
export interface PatternOperations {
  /**
   * Subscribes a recipient to every source that matches a pattern: `*` any characters, `?` one, `[ab]` one of these. A
   * message that matches several subscriptions of a recipient is handed over once for each of them.
   *
   * @throws UnsupportedOperationError where channels are sharded, as they are on a cluster unless set otherwise
   */
  subscribePattern(recipient: string, pattern: string): Promise<void>;
  /** Ends such a subscription. */
  unsubscribePattern(recipient: string, pattern: string): Promise<void>;
}

/** Of streams: messages that were handed out too often and never acknowledged. */
export interface DeadLetterOperations<Payload> {
  /** The dead letters of a recipient, oldest first. */
  deadLetters(recipient: string, request?: ReadRequest): Promise<MessagePage<Payload>>;
  /** Hands a dead letter out again, to this recipient alone, as a new message with a new id. False where there is none. */
  replayDeadLetter(recipient: string, id: string): Promise<boolean>;
  /** Forgets a dead letter. False where there is none. */
  deleteDeadLetter(recipient: string, id: string): Promise<boolean>;
}

/** Channels: live only, the cheapest. */
export type PubSubStrategy<Payload> = FanoutStrategy<Payload, PubSubCapabilities> & PatternOperations;
/** An inbox for each recipient. */
export type ListStrategy<Payload> = FanoutStrategy<Payload, ListCapabilities>;
/** A timeline for each recipient, pushed or pulled by the size of the audience. */
export type TimelineStrategy<Payload> = FanoutStrategy<Payload, TimelineCapabilities>;
/** A stream for each source, a consumer group for each recipient. */
export type StreamStrategy<Payload> = FanoutStrategy<Payload, StreamCapabilities> &
  DeadLetterOperations<Payload>;
