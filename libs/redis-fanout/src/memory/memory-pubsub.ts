import { randomUUID } from 'node:crypto';

import { UnsupportedOperationError } from '../errors.js';
import { PUBSUB_CAPABILITIES, type PubSubCapabilities } from '../strategies/capabilities.js';
import { checkNames, encodePayload } from '../strategies/checks.js';
import type {
  Listening,
  ListenOptions,
  MessageHandler,
  PatternOperations,
  Published,
  PublishOptions,
  SubscribeOptions,
} from '../strategies/fanout-strategy.js';
import { checkPattern } from '../strategies/pubsub/pubsub-channels.js';
import { globMatcher } from './glob.js';
import { Audience, type Line } from './line.js';
import { type LiveEar, MemoryStrategy } from './memory-strategy.js';
import { Multimap } from './multimap.js';
import type { StoredMessage } from './stored-message.js';

/** One of those that a message may reach. */
interface Connection {
  /** Hands a message to who listens here; answers how often the connection receives it. */
  receive(message: StoredMessage): number;
}

/** What all Pub/Sub of one prefix have in common. */
export class PubSubStore {
  readonly connections = new Set<Connection>();
  constructor(readonly line: Line) {}
}

/** The twin of Pub/Sub. Its subscriptions are its own, and end with it. */
export class MemoryPubSub<Payload> extends MemoryStrategy<Payload> implements PatternOperations {
  readonly capabilities: PubSubCapabilities = PUBSUB_CAPABILITIES;
  protected readonly name = 'Pub/Sub';
  private readonly channels = new Multimap<string>();
  private readonly patterns = new Multimap<string>();
  private readonly audience: Audience<LiveEar>;
  private readonly connection: Connection = { receive: (message) => this.receive(message) };

  constructor(
    private readonly store: PubSubStore,
    private readonly settings: { readonly maxPayloadBytes: number; readonly sharded: boolean },
  ) {
    super();
    this.audience = new Audience(store.line);
    store.connections.add(this.connection);
  }

  publish(source: string, payload: Payload, options: PublishOptions = {}): Promise<Published> {
    return this.call(() => {
      checkNames(source);
      this.checkOptions(options);
      const json = encodePayload(payload, this.settings.maxPayloadBytes);
      const message = { id: randomUUID(), source, json, ms: Date.now(), n: 0 };
      let receivers = 0;
      for (const connection of this.store.connections) receivers += connection.receive(message);
      return { id: message.id, repeated: false, receivers };
    });
  }

  subscribe(recipient: string, source: string, options: SubscribeOptions = {}): Promise<void> {
    return this.call(() => {
      checkNames(recipient, source);
      this.checkOptions(options);
      this.channels.add(source, recipient);
    });
  }

  unsubscribe(recipient: string, source: string): Promise<void> {
    return this.call(() => {
      checkNames(recipient, source);
      this.channels.delete(source, recipient);
    });
  }

  subscribePattern(recipient: string, pattern: string): Promise<void> {
    return this.call(() => {
      this.checkPattern('subscribePattern', recipient, pattern);
      this.patterns.add(pattern, recipient);
    });
  }

  unsubscribePattern(recipient: string, pattern: string): Promise<void> {
    return this.call(() => {
      this.checkPattern('unsubscribePattern', recipient, pattern);
      this.patterns.delete(pattern, recipient);
    });
  }

  listen(
    recipient: string,
    handler: MessageHandler<Payload>,
    options: ListenOptions = {},
  ): Promise<Listening> {
    return this.call(() => {
      checkNames(recipient);
      return this.listenLive(this.audience, recipient, handler, options);
    });
  }

  override async close(): Promise<void> {
    this.store.connections.delete(this.connection);
    await super.close();
  }

  private receive(message: StoredMessage): number {
    const patterns = this.patterns.keys().filter((pattern) => globMatcher(pattern)(message.source));
    const subscriptions = [
      this.channels.get(message.source),
      ...patterns.map((pattern) => this.patterns.get(pattern)),
    ];
    return subscriptions.filter((recipients) => this.hand(message, recipients)).length;
  }

  /** Hands a message to those recipients who listen; answers whether there are any. */
  private hand(message: StoredMessage, recipients: readonly string[]): boolean {
    const listening = recipients.filter((recipient) => this.audience.hears(recipient));
    for (const recipient of listening) {
      this.audience.tell(recipient, (listener) => {
        listener.hear(message);
      });
    }
    return listening.length > 0;
  }

  /** @throws InvalidNameError, InvalidOptionError, UnsupportedOperationError */
  private checkPattern(operation: string, recipient: string, pattern: string): void {
    checkNames(recipient);
    checkPattern(pattern);
    if (this.settings.sharded) {
      throw new UnsupportedOperationError(this.name, operation, 'channels are sharded');
    }
  }
}
