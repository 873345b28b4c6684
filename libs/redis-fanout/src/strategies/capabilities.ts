/**
 * What a strategy can do. The types of its operations are made of it, so that what it cannot do does not compile, and
 * the conformance suite holds each strategy to what it declares.
 */
export interface Capabilities {
  /** Whether a message waits for a recipient who does not listen: then there is `read`. */
  readonly keptForAbsent: boolean;
  /**
   * Whether messages are taken and acknowledged: what was handed out and not acknowledged is handed out again. Then there
   * are `take` and `acknowledge`.
   */
  readonly acknowledged: boolean;
  /** Whether a recipient can have again what they had: by `replay` where it was acknowledged, else by reading again. */
  readonly replayable: boolean;
  /**
   * Whether a recipient has the messages of one source in the order in which they were published. (Listeners of timelines
   * have them in the order in which they entered the timeline.)
   */
  readonly ordered: boolean;
  /**
   * Whether a message reaches a recipient once, however often its publishing is repeated under one idempotency key or
   * sent again by the client, and whatever crashes. (What is not acknowledged comes again all the same.)
   */
  readonly exactlyOnce: boolean;
  /**
   * Whether a listener misses nothing where connections are lost: what came meanwhile is handed over then. (Listeners of
   * timelines have it from a history of limited length.) Otherwise the gap is told to `onGap`.
   */
  readonly gapless: boolean;
  /** Whether one can ask how much waits for a recipient: then there is `backlog`. */
  readonly backlogVisible: boolean;
  /**
   * What a new subscription begins with: what is published from now on, everything there is (which also goes when the
   * subscription ends), or any point that `subscribe` is given.
   */
  readonly lateSubscribers: 'from-now' | 'all-history' | 'any-point';
  /** Whether pages of `read` begin with the newest or the oldest message. */
  readonly readOrder: 'newest-first' | 'oldest-first';
  /** Recipients that one source can have; `subscribe` refuses more. */
  readonly largestAudience: number;
}

/** What Pub/Sub can do. */
export interface PubSubCapabilities extends Capabilities {
  readonly keptForAbsent: false;
  readonly acknowledged: false;
  readonly replayable: false;
  readonly ordered: true;
  readonly exactlyOnce: false;
  readonly gapless: false;
  readonly backlogVisible: false;
  readonly lateSubscribers: 'from-now';
}

/** What lists can do. */
export interface ListCapabilities extends Capabilities {
  readonly keptForAbsent: true;
  readonly acknowledged: true;
  readonly replayable: false;
  readonly ordered: true;
  readonly exactlyOnce: true;
  readonly gapless: true;
  readonly backlogVisible: true;
  readonly lateSubscribers: 'from-now';
  readonly readOrder: 'oldest-first';
}

/** What timelines can do. */
export interface TimelineCapabilities extends Capabilities {
  readonly keptForAbsent: true;
  readonly acknowledged: false;
  readonly replayable: true;
  readonly ordered: true;
  readonly exactlyOnce: true;
  readonly gapless: true;
  readonly backlogVisible: false;
  readonly lateSubscribers: 'all-history';
  readonly readOrder: 'newest-first';
}

/** What streams can do. */
export interface StreamCapabilities extends Capabilities {
  readonly keptForAbsent: true;
  readonly acknowledged: true;
  readonly replayable: true;
  readonly ordered: true;
  readonly exactlyOnce: true;
  readonly gapless: true;
  readonly backlogVisible: true;
  readonly lateSubscribers: 'any-point';
  readonly readOrder: 'oldest-first';
}

/** What Pub/Sub declares. */
export const PUBSUB_CAPABILITIES: PubSubCapabilities = {
  keptForAbsent: false,
  acknowledged: false,
  replayable: false,
  ordered: true,
  exactlyOnce: false,
  gapless: false,
  backlogVisible: false,
  lateSubscribers: 'from-now',
  readOrder: 'oldest-first',
  largestAudience: Infinity,
};

/** What lists declare. */
export const LIST_CAPABILITIES: ListCapabilities = {
  keptForAbsent: true,
  acknowledged: true,
  replayable: false,
  ordered: true,
  exactlyOnce: true,
  gapless: true,
  backlogVisible: true,
  lateSubscribers: 'from-now',
  readOrder: 'oldest-first',
  largestAudience: Infinity,
};

/** What timelines declare. */
export const TIMELINE_CAPABILITIES: TimelineCapabilities = {
  keptForAbsent: true,
  acknowledged: false,
  replayable: true,
  ordered: true,
  exactlyOnce: true,
  gapless: true,
  backlogVisible: false,
  lateSubscribers: 'all-history',
  readOrder: 'newest-first',
  largestAudience: Infinity,
};

/** Each subscribed recipient is a consumer group of the stream, and trimming looks at all of them. */
const MAX_GROUPS = 1000;

/** What streams declare; `largestAudience` is an option. */
export const STREAM_CAPABILITIES: StreamCapabilities = {
  keptForAbsent: true,
  acknowledged: true,
  replayable: true,
  ordered: true,
  exactlyOnce: true,
  gapless: true,
  backlogVisible: true,
  lateSubscribers: 'any-point',
  readOrder: 'oldest-first',
  largestAudience: MAX_GROUPS,
};
