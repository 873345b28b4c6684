import { acknowledgeMessages } from '../../lua/acknowledge-messages.js';
import { continueFanOut } from '../../lua/continue-fan-out.js';
import { type FanOutOutcome, fanOutMessage } from '../../lua/fan-out-message.js';
import { giveBackMessages } from '../../lua/give-back-messages.js';
import type { HandedOut } from '../../lua/handed-out.js';
import type { InboxMessage, InboxView } from '../../lua/inbox-message.js';
import { readInbox } from '../../lua/read-inbox.js';
import { readInboxBacklog } from '../../lua/read-inbox-backlog.js';
import { renewLeases } from '../../lua/renew-leases.js';
import { takeMessages } from '../../lua/take-messages.js';
import { type PartitionedRedis, unavailableAsSuch } from '../../redis/partitioned.js';
import type { Backlog } from '../fanout-strategy.js';
import { MAX_TAKEN } from '../strategy-options.js';

/** A message on its way to inboxes. */
export interface OutgoingMessage {
  readonly id: string;
  readonly source: string;
  /** JSON. */
  readonly payload: string;
  /** Undefined where the caller has none: then the message's own id protects it where the client sends it again. */
  readonly idempotencyKey: string | undefined;
  /** How long the message is remembered. */
  readonly windowMs: number;
}

type InboxKeys = Record<'inbox' | 'taken' | 'leases' | 'dropped' | 'unfinished' | 'guard', string>;
type Stems = Record<
  'inboxStem' | 'droppedStem' | 'wakeStem' | 'messageStem' | 'fanOutStem' | 'maxMessages',
  string | number
>;

/** The inboxes in Redis: each call is one script in one partition. */
export class Inboxes {
  constructor(
    private readonly redis: PartitionedRedis,
    private readonly settings: { readonly inboxMaxMessages: number },
  ) {}

  /**
   * The id for what is published under an idempotency key: the one that is given, or that of whoever came first. So all
   * who publish under one key at the same time publish one message.
   */
  async agreeOnId(source: string, idempotencyKey: string, id: string, windowMs: number): Promise<string> {
    const key = this.redis.keys.publishedAs(source, idempotencyKey);
    const earlier = this.redis.client.set(key, id, 'PX', windowMs, 'NX', 'GET');
    return (await unavailableAsSuch(earlier)) ?? id;
  }

  /** Puts a message into the inboxes of a source's recipients in one partition; goes on until all have it. */
  async fanOut(partition: number, message: OutgoingMessage): Promise<FanOutOutcome> {
    const { keys, client } = this.redis;
    const { id, source, payload, idempotencyKey, windowMs } = message;
    const names = {
      lastPosition: keys.lastPosition(partition),
      subscribers: keys.subscribers(partition, source),
      published: keys.published(partition, source, idempotencyKey ?? id),
      unfinished: keys.unfinished(partition),
      guard: keys.guard(partition),
    };
    const args = {
      id,
      source,
      payload,
      windowMs,
      isKeyed: idempotencyKey === undefined ? 0 : 1,
      ...this.stems(partition),
    };
    const result = await unavailableAsSuch(fanOutMessage(client, names, args));
    if (result.outcome !== 'unfinished') return result;
    while (await this.goOn(partition, id));
    return { outcome: 'finished', recipients: result.recipients };
  }

  async take(recipient: string, limit: number, leaseMs: number): Promise<readonly InboxMessage[]> {
    const { inbox, taken, leases, unfinished, guard } = this.keysOf(recipient);
    const { messageStem } = this.stems(this.redis.keys.partitionOf(recipient));
    const names = { inbox, taken, leases, unfinished, guard };
    return this.withUnfinished(recipient, async () =>
      takeMessages(this.redis.client, names, { limit, leaseMs, maxTaken: MAX_TAKEN, messageStem }),
    );
  }

  async read(recipient: string, after: string, limit: number): Promise<readonly InboxMessage[]> {
    const { inbox, taken, unfinished, guard } = this.keysOf(recipient);
    const { messageStem } = this.stems(this.redis.keys.partitionOf(recipient));
    const names = { inbox, taken, unfinished, guard };
    return this.withUnfinished(recipient, async () =>
      readInbox(this.redis.client, names, { after, limit, messageStem }),
    );
  }

  async acknowledge(recipient: string, ids: readonly string[]): Promise<number> {
    const { inbox, taken, leases, guard } = this.keysOf(recipient);
    const { messageStem } = this.stems(this.redis.keys.partitionOf(recipient));
    const names = { inbox, taken, leases, guard };
    return unavailableAsSuch(acknowledgeMessages(this.redis.client, names, { messageStem }, ids));
  }

  async renew(recipient: string, messages: readonly HandedOut[], leaseMs: number): Promise<number> {
    const { taken, leases } = this.keysOf(recipient);
    return unavailableAsSuch(renewLeases(this.redis.client, { taken, leases }, { leaseMs }, messages));
  }

  async giveBack(recipient: string, messages: readonly HandedOut[]): Promise<number> {
    const { taken, leases } = this.keysOf(recipient);
    const wakeChannel = this.redis.keys.wake(recipient);
    return unavailableAsSuch(
      giveBackMessages(this.redis.client, { taken, leases }, { wakeChannel }, messages),
    );
  }

  async backlog(recipient: string): Promise<Backlog> {
    const { inbox, taken, leases, dropped } = this.keysOf(recipient);
    const { messageStem } = this.stems(this.redis.keys.partitionOf(recipient));
    const names = { inbox, taken, leases, dropped };
    return unavailableAsSuch(readInboxBacklog(this.redis.client, names, { messageStem }));
  }

  /** Goes on with messages on their way: their publisher may have died, and nobody else finish what it began. */
  private async withUnfinished(
    recipient: string,
    look: () => Promise<InboxView>,
  ): Promise<readonly InboxMessage[]> {
    const { unfinished, messages } = await unavailableAsSuch(look());
    if (unfinished === 0) return messages;
    // Where Redis takes nothing more it is not finished; that is no reason not to look.
    await this.goOn(this.redis.keys.partitionOf(recipient), '').catch(() => undefined);
    return messages.length > 0 ? messages : (await unavailableAsSuch(look())).messages;
  }

  /** Goes a step on with what is unfinished in a partition. Answers whether a message is still. */
  private async goOn(partition: number, id: string): Promise<boolean> {
    const { keys, client } = this.redis;
    const names = {
      lastPosition: keys.lastPosition(partition),
      unfinished: keys.unfinished(partition),
      guard: keys.guard(partition),
    };
    return unavailableAsSuch(continueFanOut(client, names, { id, ...this.stems(partition) }));
  }

  private keysOf(recipient: string): InboxKeys {
    const { keys } = this.redis;
    const partition = keys.partitionOf(recipient);
    return {
      inbox: keys.inbox(recipient),
      taken: keys.taken(recipient),
      leases: keys.leases(recipient),
      dropped: keys.dropped(recipient),
      unfinished: keys.unfinished(partition),
      guard: keys.guard(partition),
    };
  }

  private stems(partition: number): Stems {
    const { keys } = this.redis;
    return {
      inboxStem: keys.inboxStem(partition),
      droppedStem: keys.droppedStem(partition),
      wakeStem: keys.wakeStem(partition),
      messageStem: keys.messageStem(partition),
      fanOutStem: keys.fanOutStem(partition),
      maxMessages: this.settings.inboxMaxMessages,
    };
  }
}
