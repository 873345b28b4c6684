import {
  ClosedError,
  InvalidOptionError,
  UnsuitableRedisError,
  UnsupportedOperationError,
} from '../../errors.js';
import { Channels } from '../../redis/channels.js';
import { isCluster, type RedisClient } from '../../redis/client.js';
import { publisherOf } from '../../redis/nodes.js';
import { unavailableAsSuch } from '../../redis/partitioned.js';
import type { ChannelName } from '../../redis/subscriptions.js';
import { PUBSUB_CAPABILITIES, type PubSubCapabilities } from '../capabilities.js';
import { checkNames, encodePayload } from '../checks.js';
import type {
  Listening,
  ListenOptions,
  Message,
  MessageHandler,
  PatternOperations,
  Published,
  PublishOptions,
  PubSubStrategy,
  SubscribeOptions,
} from '../fanout-strategy.js';
import { Strategy } from '../strategy.js';
import { type PubSubOptions, pubSubSettings } from '../strategy-options.js';
import { LiveListening } from './live-listening.js';
import { checkPattern, PubSubChannels } from './pubsub-channels.js';
import { newMessage, readMessage } from './pubsub-message.js';
import { Recipient } from './recipient.js';

const MIN_VERSION = 7;

/**
 * Opens the Pub/Sub strategy: a channel for each source; who does not listen gets nothing.
 *
 * Subscriptions are those of the strategy that was opened, and end with it; Redis knows those of recipients that listen.
 * All share one connection (on a cluster one to each node that is needed), opened with the first listening. Where it is
 * lost, or falls silent for some 9 seconds, what is lost is subscribed to again, and told as a gap.
 *
 * `receivers` counts connections, and matches of patterns, at the node that was published at: with sharded channels all of
 * them; with the others of a cluster only a part, so there it is null. A message may come twice: when its answer is lost
 * with the connection the client publishes it again, unless told otherwise (`autoResendUnfulfilledCommands`); and on a
 * cluster, where channels are not sharded, when a recipient comes to hear at another node.
 *
 * @throws InvalidOptionError, UnsuitableRedisError, StorageUnavailableError
 */
export async function openPubSub<Payload>(options: PubSubOptions): Promise<PubSubStrategy<Payload>> {
  const { client, prefix = 'fanout', sharded = isCluster(client) } = options;
  const { maxPayloadBytes } = pubSubSettings(options);
  const names = new PubSubChannels(prefix, sharded);
  // It would stand before the names of some commands, and not before those that messages come with.
  if ((client.options.keyPrefix ?? '') !== '') throw new InvalidOptionError('client.keyPrefix', 'empty');
  await checkVersion(client);
  return new PubSub<Payload>(client, names, new Channels(client, { prefix }), maxPayloadBytes);
}

class PubSub<Payload> extends Strategy<Payload> implements PatternOperations {
  readonly capabilities: PubSubCapabilities = PUBSUB_CAPABILITIES;
  protected readonly name = 'Pub/Sub';
  private readonly recipients = new Map<string, Recipient<Payload>>();

  constructor(
    private readonly client: RedisClient,
    private readonly names: PubSubChannels,
    private readonly channels: Channels,
    private readonly maxPayloadBytes: number,
  ) {
    super();
  }

  async publish(source: string, payload: Payload, options: PublishOptions = {}): Promise<Published> {
    this.checkOpen();
    checkNames(source);
    this.checkOptions(options);
    const { id, text } = newMessage(encodePayload(payload, this.maxPayloadBytes));
    const { kind, channel } = this.names.ofSource(source);
    const { client } = this;
    const counted =
      kind === 'sharded'
        ? client.spublish(channel, text)
        : publisherOf(client, channel).publish(channel, text);
    const receivers = Number(await unavailableAsSuch(counted));
    return { id, repeated: false, receivers: kind === 'classic' && isCluster(client) ? null : receivers };
  }

  async subscribe(recipient: string, source: string, options: SubscribeOptions = {}): Promise<void> {
    this.checkOpen();
    checkNames(recipient, source);
    this.checkOptions(options);
    await this.subscribeTo(recipient, this.names.ofSource(source));
  }

  async unsubscribe(recipient: string, source: string): Promise<void> {
    this.checkOpen();
    checkNames(recipient, source);
    await this.unsubscribeFrom(recipient, this.names.ofSource(source));
  }

  async subscribePattern(recipient: string, pattern: string): Promise<void> {
    this.checkOpen();
    this.checkPattern('subscribePattern', recipient, pattern);
    await this.subscribeTo(recipient, this.names.matching(pattern));
  }

  async unsubscribePattern(recipient: string, pattern: string): Promise<void> {
    this.checkOpen();
    this.checkPattern('unsubscribePattern', recipient, pattern);
    await this.unsubscribeFrom(recipient, this.names.matching(pattern));
  }

  async listen(
    recipient: string,
    handler: MessageHandler<Payload>,
    options: ListenOptions = {},
  ): Promise<Listening> {
    this.checkOpen();
    checkNames(recipient);
    const known = this.recipient(recipient);
    const read = (text: string, channel: string): Message<Payload> =>
      readMessage(text, this.names.sourceOf(channel));
    const live = new LiveListening<Payload>(this.channels, read, handler, options);
    const ending = new AbortController();
    const listening = this.keep({
      close: async () => {
        ending.abort(new ClosedError());
        const ended = known.end(live);
        this.forgetIdle(recipient, known);
        await ended;
      },
    });
    try {
      await known.begin(live);
      // The strategy may have been closed meanwhile.
      ending.signal.throwIfAborted();
    } catch (error) {
      // Not waited for: the handler may be at work, and wait for this.
      void listening.close();
      throw error;
    }
    return listening;
  }

  override async close(): Promise<void> {
    await super.close();
    this.channels.close();
  }

  private async subscribeTo(recipient: string, name: ChannelName): Promise<void> {
    const known = this.recipient(recipient);
    try {
      await known.subscribe(name);
    } finally {
      this.forgetIdle(recipient, known);
    }
  }

  private async unsubscribeFrom(recipient: string, name: ChannelName): Promise<void> {
    const known = this.recipients.get(recipient);
    if (known === undefined) return;
    const done = known.unsubscribe(name);
    this.forgetIdle(recipient, known);
    await done;
  }

  private recipient(name: string): Recipient<Payload> {
    const known = this.recipients.get(name) ?? new Recipient<Payload>();
    this.recipients.set(name, known);
    return known;
  }

  private forgetIdle(name: string, known: Recipient<Payload>): void {
    if (known.isIdle && this.recipients.get(name) === known) this.recipients.delete(name);
  }

  private checkPattern(operation: string, recipient: string, pattern: string): void {
    checkNames(recipient);
    checkPattern(pattern);
    if (this.names.sharded) throw new UnsupportedOperationError(this.name, operation, 'channels are sharded');
  }
}

/** Sharded channels came with Redis 7. */
async function checkVersion(client: RedisClient): Promise<void> {
  const facts = await unavailableAsSuch(client.info('server'));
  const version = /^redis_version:(\S+)/m.exec(facts)?.[1] ?? '0';
  if (Number.parseInt(version, 10) < MIN_VERSION) {
    throw new UnsuitableRedisError(`Redis ${version} is too old: ${MIN_VERSION}.0 or newer is needed`);
  }
}
