import { randomUUID } from 'node:crypto';

import { BacklogFullError, InvalidCursorError } from '../../errors.js';
import type { FanOutOutcome } from '../../lua/fan-out-message.js';
import type { InboxMessage } from '../../lua/inbox-message.js';
import { Channels } from '../../redis/channels.js';
import { openPartitioned } from '../../redis/open.js';
import { type PartitionedRedis, unavailableAsSuch } from '../../redis/partitioned.js';
import { LIST_CAPABILITIES, type ListCapabilities } from '../capabilities.js';
import {
  checkIdempotencyKey,
  checkIds,
  checkLease,
  checkNames,
  checkWhole,
  encodePayload,
} from '../checks.js';
import type {
  Backlog,
  Listening,
  ListenOptions,
  ListStrategy,
  Message,
  MessageHandler,
  MessagePage,
  Published,
  PublishOptions,
  ReadRequest,
  SubscribeOptions,
  TakeRequest,
} from '../fanout-strategy.js';
import { Strategy } from '../strategy.js';
import { type ListOptions, listSettings, RESEND_WINDOW_MS } from '../strategy-options.js';
import { TakingListener } from '../taking-listener.js';
import { Inboxes, type OutgoingMessage } from './inboxes.js';

/**
 * Opens the list strategy: an inbox for each recipient, kept until acknowledged, at once also for the absent.
 *
 * A message is put into all inboxes of a partition in one atomic step, up to 1,000 of them; larger audiences are served
 * in such steps, in the order of publishing, and what a publisher that died has left is finished by whoever publishes or
 * takes next in that partition. Partitions are independent: where some could not be reached `publish` rejects, and is
 * repeated under its idempotency key. An inbox that is full drops its oldest message that nobody holds, and counts it.
 *
 * @throws InvalidOptionError, UnsuitableRedisError, StorageUnavailableError
 */
export async function openLists<Payload>(options: ListOptions): Promise<ListStrategy<Payload>> {
  const settings = listSettings(options);
  return new Lists<Payload>(await openPartitioned(options), settings);
}

class Lists<Payload> extends Strategy<Payload> {
  readonly capabilities: ListCapabilities = LIST_CAPABILITIES;
  protected readonly name = 'lists';
  private readonly inboxes: Inboxes;
  private readonly channels: Channels;

  constructor(
    private readonly redis: PartitionedRedis,
    private readonly settings: ReturnType<typeof listSettings>,
  ) {
    super();
    this.inboxes = new Inboxes(redis, settings);
    this.channels = new Channels(redis.client);
  }

  async publish(source: string, payload: Payload, options: PublishOptions = {}): Promise<Published> {
    this.checkOpen();
    checkNames(source);
    const json = encodePayload(payload, this.settings.maxPayloadBytes);
    const { idempotencyKey } = options;
    if (idempotencyKey !== undefined) checkIdempotencyKey(idempotencyKey);
    const windowMs = idempotencyKey === undefined ? RESEND_WINDOW_MS : this.settings.duplicateWindowMs;
    const own = randomUUID();
    const id =
      idempotencyKey === undefined
        ? own
        : await this.inboxes.agreeOnId(source, idempotencyKey, own, windowMs);
    const outcomes = await this.fanOut({ id, source, payload: json, idempotencyKey, windowMs });
    return { id, ...receptionOf(outcomes, id !== own) };
  }

  async subscribe(recipient: string, source: string, options: SubscribeOptions = {}): Promise<void> {
    this.checkOpen();
    checkNames(recipient, source);
    this.checkOptions(options);
    const key = this.subscribersOf(source, recipient);
    await unavailableAsSuch(this.redis.client.zadd(key, 0, recipient));
  }

  async unsubscribe(recipient: string, source: string): Promise<void> {
    this.checkOpen();
    checkNames(recipient, source);
    await unavailableAsSuch(this.redis.client.zrem(this.subscribersOf(source, recipient), recipient));
  }

  async listen(
    recipient: string,
    handler: MessageHandler<Payload>,
    options: ListenOptions = {},
  ): Promise<Listening> {
    this.checkOpen();
    checkNames(recipient);
    const leaseMs = checkLease(options.leaseMs ?? 30_000);
    let listener: TakingListener<Payload> | undefined;
    const wake = (): void => listener?.wake();
    const channel = this.redis.keys.wake(recipient);
    const unsubscribe = await this.channels.subscribe('sharded', channel, { message: wake, gap: wake });
    const source = {
      take: async (limit: number) => this.take(recipient, { limit, leaseMs }),
      renew: async (messages: readonly Message<Payload>[]) =>
        this.inboxes.renew(recipient, messages, leaseMs),
      giveBack: async (messages: readonly Message<Payload>[]) => this.inboxes.giveBack(recipient, messages),
    };
    const taking = (listener = new TakingListener(source, handler, leaseMs, options));
    return this.keep({
      close: async () => {
        unsubscribe();
        await taking.close();
      },
    });
  }

  override async read(
    recipient: string,
    { limit = 50, cursor = '0' }: ReadRequest = {},
  ): Promise<MessagePage<Payload>> {
    this.checkOpen();
    checkNames(recipient);
    checkWhole('limit', limit, 1, 100);
    if (!/^\d{1,16}$/.test(cursor)) throw new InvalidCursorError();
    // One more than wanted tells whether there are more.
    const messages = await this.inboxes.read(recipient, cursor, limit + 1);
    const page = messages.slice(0, limit);
    const nextCursor = messages.length > limit ? (page.at(-1)?.position ?? null) : null;
    return { items: page.map((message) => toMessage<Payload>(message)), nextCursor };
  }

  override async take(
    recipient: string,
    { limit = 10, leaseMs = 30_000 }: TakeRequest = {},
  ): Promise<readonly Message<Payload>[]> {
    this.checkOpen();
    checkNames(recipient);
    checkWhole('limit', limit, 1, 1000);
    const messages = await this.inboxes.take(recipient, limit, checkLease(leaseMs));
    return messages.map((message) => toMessage<Payload>(message));
  }

  override async acknowledge(recipient: string, ids: string | readonly string[]): Promise<number> {
    this.checkOpen();
    checkNames(recipient);
    return this.inboxes.acknowledge(recipient, checkIds(ids));
  }

  override async backlog(recipient: string): Promise<Backlog> {
    this.checkOpen();
    checkNames(recipient);
    return this.inboxes.backlog(recipient);
  }

  override async close(): Promise<void> {
    await super.close();
    this.channels.close();
  }

  /** Everywhere at once; what one partition refuses keeps it from no other. */
  private async fanOut(message: OutgoingMessage): Promise<FanOutOutcome[]> {
    const { partitions } = this.redis.keys;
    const calls = Array.from({ length: partitions }, async (_, partition) =>
      this.inboxes.fanOut(partition, message),
    );
    return (await Promise.allSettled(calls)).map((result) => {
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    });
  }

  private subscribersOf(source: string, recipient: string): string {
    const { keys } = this.redis;
    return keys.subscribers(keys.partitionOf(recipient), source);
  }
}

/** @throws BacklogFullError */
function receptionOf(outcomes: readonly FanOutOutcome[], isKnown: boolean): Omit<Published, 'id'> {
  let receivers = 0;
  let isComplete = true;
  for (const result of outcomes) {
    if (result.outcome === 'backlog-full') throw new BacklogFullError(result.messages);
    if (result.outcome === 'repeated') isComplete = false;
    else receivers += result.recipients;
  }
  // One that completes an earlier one has published something.
  return { repeated: isKnown && receivers === 0, receivers: isComplete ? receivers : null };
}

function toMessage<Payload>({ id, source, position, attempt, payload }: InboxMessage): Message<Payload> {
  return {
    id,
    source,
    payload: JSON.parse(payload) as Payload,
    publishedAtMs: Math.floor(Number(position) / 1000),
    attempt,
  };
}
