import { createHash } from 'node:crypto';

import { type DeliveryWorker } from '../../delivery/delivery-worker.js';
import { Fanout } from '../../fanout.js';
import type { FanoutOptions } from '../../options.js';
import type { Post } from '../../posts/post.js';
import { publishedAtMs } from '../../post-id.js';
import { Channels } from '../../redis/channels.js';
import { checkUserIds } from '../../user-id.js';
import { TIMELINE_CAPABILITIES, type TimelineCapabilities } from '../capabilities.js';
import { checkIdempotencyKey, encodePayload } from '../checks.js';
import type {
  Listening,
  ListenOptions,
  Message,
  MessageHandler,
  MessagePage,
  Published,
  PublishOptions,
  ReadRequest,
  SubscribeOptions,
  TimelineStrategy,
} from '../fanout-strategy.js';
import { LiveListener } from '../live-listener.js';
import { Strategy } from '../strategy.js';
import { timelineSettings } from '../strategy-options.js';
import { LiveFeed } from './live-feed.js';

/** How timelines are set up: the engine's options, and these. */
export interface TimelineOptions extends FanoutOptions {
  /** The largest payload, in bytes of its JSON; 1 to 16,777,216, default 65,536. */
  readonly maxPayloadBytes?: number;
  /**
   * Whether this process takes part in delivering; default true. Some process has to, else what is published stays in
   * the outboxes.
   */
  readonly deliver?: boolean;
  /** Told of errors of the delivering, which goes on by itself. Without it a process warning is emitted. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Opens the timeline strategy: pushed to the timelines of active readers where the audience is small, pulled by them where
 * it is large, and complete and in order either way, down to the first message. A source has its own messages in its
 * timeline, too, and can have at most `authorMaxPosts` of them read by others.
 *
 * A published message is in the timelines when a worker has delivered it, a moment later; messages of one source that are
 * delivered by several processes may be handed to listeners in another order than that of the timeline. An idempotency
 * key is remembered for 24 hours; with another payload it is refused with an `IdempotencyConflictError`. Names are 1 to
 * 64 of `A-Z a-z 0-9 _ -`, and one cannot subscribe to oneself (`SelfFollowError`).
 *
 * @throws InvalidOptionError, UnsuitableRedisError, StorageUnavailableError
 */
export async function openTimelines<Payload>(options: TimelineOptions): Promise<TimelineStrategy<Payload>> {
  const { maxPayloadBytes, deliver = true, onError, ...fanoutOptions } = options;
  const settings = timelineSettings({ ...(maxPayloadBytes !== undefined && { maxPayloadBytes }) });
  const fanout = await Fanout.open(fanoutOptions);
  const worker = deliver ? fanout.startDelivering({ ...(onError !== undefined && { onError }) }) : undefined;
  return new FollowedTimelines<Payload>(fanout, settings, new Channels(options.client), worker, onError);
}

class FollowedTimelines<Payload> extends Strategy<Payload> {
  readonly capabilities: TimelineCapabilities = TIMELINE_CAPABILITIES;
  protected readonly name = 'timelines';
  private readonly feed: LiveFeed;

  constructor(
    private readonly fanout: Fanout,
    private readonly settings: ReturnType<typeof timelineSettings>,
    private readonly channels: Channels,
    private readonly worker: DeliveryWorker | undefined,
    onError: ((error: unknown) => void) | undefined,
  ) {
    super();
    this.feed = new LiveFeed(fanout, channels, onError);
  }

  async publish(
    source: string,
    payload: Payload,
    { idempotencyKey }: PublishOptions = {},
  ): Promise<Published> {
    this.checkOpen();
    checkUserIds(source);
    const text = encodePayload(payload, this.settings.maxPayloadBytes);
    if (idempotencyKey !== undefined) checkIdempotencyKey(idempotencyKey);
    const { post, replayed } = await this.fanout.posts.publish({
      author: source,
      text,
      ...(idempotencyKey !== undefined && {
        idempotency: {
          key: idempotencyKey,
          fingerprint: createHash('sha256').update(text).digest('base64url'),
        },
      }),
    });
    return { id: post.id, repeated: replayed && idempotencyKey !== undefined, receivers: null };
  }

  async subscribe(recipient: string, source: string, options: SubscribeOptions = {}): Promise<void> {
    this.checkOpen();
    this.checkOptions(options);
    await this.fanout.follows.follow(recipient, source);
  }

  async unsubscribe(recipient: string, source: string): Promise<void> {
    this.checkOpen();
    await this.fanout.follows.unfollow(recipient, source);
  }

  async listen(
    recipient: string,
    handler: MessageHandler<Payload>,
    options: ListenOptions = {},
  ): Promise<Listening> {
    this.checkOpen();
    checkUserIds(recipient);
    const listener = new LiveListener(handler, options);
    const stop = await this.feed.add(recipient, {
      post: (post) => {
        listener.push(toMessage<Payload>(post));
      },
      gap: (gap) => {
        listener.tellGap(gap);
      },
    });
    return this.keep({
      close: async () => {
        stop();
        await listener.close();
      },
    });
  }

  override async read(recipient: string, request: ReadRequest = {}): Promise<MessagePage<Payload>> {
    this.checkOpen();
    const { items, nextCursor } = await this.fanout.timelines.page(recipient, request);
    return { items: items.map((post) => toMessage<Payload>(post)), nextCursor };
  }

  override async close(): Promise<void> {
    await super.close();
    await this.feed.close();
    this.channels.close();
    await this.worker?.stop();
  }
}

function toMessage<Payload>({ id, author, text }: Post): Message<Payload> {
  return {
    id,
    source: author,
    payload: JSON.parse(text) as Payload,
    publishedAtMs: publishedAtMs(id),
    attempt: 1,
  };
}
