import { randomUUID } from 'node:crypto';

import { BacklogFullError } from '../../errors.js';
import type { HandedOut } from '../../lua/handed-out.js';
import type { StreamEntry } from '../../lua/stream-entry.js';
import { Channels } from '../../redis/channels.js';
import { openPartitioned } from '../../redis/open.js';
import type { PartitionedRedis } from '../../redis/partitioned.js';
import { STREAM_CAPABILITIES, type StreamCapabilities } from '../capabilities.js';
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
  DeadLetterOperations,
  Listening,
  ListenOptions,
  Message,
  MessageHandler,
  MessagePage,
  Published,
  PublishOptions,
  ReadRequest,
  StartingPoint,
  StreamStrategy,
  SubscribeOptions,
  TakeRequest,
} from '../fanout-strategy.js';
import { Strategy } from '../strategy.js';
import { RESEND_WINDOW_MS, type StreamOptions, streamSettings } from '../strategy-options.js';
import { TakingListener } from '../taking-listener.js';
import { mergedPage } from './merged-page.js';
import { messageId, placeOf } from './message-id.js';
import { SourceStreams } from './source-streams.js';
import { StreamListening } from './stream-listening.js';
import { takeInTurn } from './take-in-turn.js';
import { StreamSubscriptions } from './stream-subscriptions.js';

/**
 * Opens the stream strategy: a message is appended once to the stream of its source, and each recipient, a single one or
 * a team, is a consumer group there. What everyone has acknowledged stays for replay until room is needed.
 *
 * Messages of one source are in order; of several sources a recipient takes in turn. A message that was handed out
 * `maxAttempts` times and not acknowledged becomes a dead letter of its recipient. A recipient that falls too far behind
 * stops its sources: `publish` rejects with a `BacklogFullError` until it has caught up or is unsubscribed.
 *
 * @throws InvalidOptionError, UnsuitableRedisError, StorageUnavailableError
 */
export async function openStreams<Payload>(options: StreamOptions): Promise<StreamStrategy<Payload>> {
  const settings = streamSettings(options);
  return new Streams<Payload>(await openPartitioned(options), settings);
}

class Streams<Payload> extends Strategy<Payload> implements DeadLetterOperations<Payload> {
  readonly capabilities: StreamCapabilities;
  protected readonly name = 'streams';
  private readonly streams: SourceStreams;
  private readonly subscriptions: StreamSubscriptions;
  private readonly channels: Channels;
  /** Of several sources another one comes first at each call. */
  private turn = 0;

  constructor(
    private readonly redis: PartitionedRedis,
    private readonly settings: ReturnType<typeof streamSettings>,
  ) {
    super();
    const { largestAudience } = settings;
    this.capabilities = { ...STREAM_CAPABILITIES, largestAudience };
    this.streams = new SourceStreams(redis, settings);
    this.subscriptions = new StreamSubscriptions(redis, this.streams, largestAudience);
    this.channels = new Channels(redis.client);
  }

  async publish(source: string, payload: Payload, options: PublishOptions = {}): Promise<Published> {
    this.checkOpen();
    checkNames(source);
    const json = encodePayload(payload, this.settings.maxPayloadBytes);
    const { idempotencyKey } = options;
    if (idempotencyKey !== undefined) checkIdempotencyKey(idempotencyKey);
    const window =
      idempotencyKey === undefined
        ? // A key of its own protects a message that the client sends again.
          { key: randomUUID(), windowMs: RESEND_WINDOW_MS }
        : { key: idempotencyKey, windowMs: this.settings.duplicateWindowMs };
    const result = await this.streams.append(source, json, window);
    if (result.outcome === 'full') throw new BacklogFullError(result.messages);
    return {
      id: messageId({ entry: result.id, source }),
      repeated: idempotencyKey !== undefined && result.outcome === 'repeated',
      receivers: null,
    };
  }

  async subscribe(recipient: string, source: string, { from = 'now' }: SubscribeOptions = {}): Promise<void> {
    this.checkOpen();
    checkNames(recipient, source);
    await this.subscriptions.add(recipient, source, from);
  }

  async unsubscribe(recipient: string, source: string): Promise<void> {
    this.checkOpen();
    checkNames(recipient, source);
    await this.subscriptions.remove(recipient, source);
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
    const listening = new StreamListening(
      recipient,
      this.redis.keys,
      this.channels,
      async (name) => this.subscriptions.sourcesOf(name),
      () => listener?.wake(),
      leaseMs,
    );
    await listening.open();
    const source = {
      take: async (limit: number) =>
        listening.take(limit, async (from, wanted) => this.takeFrom(recipient, from, wanted, leaseMs)),
      renew: async (messages: readonly Message<Payload>[]) =>
        inEachSource(messages, async (from, entries) =>
          this.streams.renew(recipient, from, entries, leaseMs),
        ),
      giveBack: async (messages: readonly Message<Payload>[]) =>
        inEachSource(messages, async (from, entries) => this.streams.giveBack(recipient, from, entries)),
    };
    const taking = (listener = new TakingListener(source, handler, leaseMs, options));
    return this.keep({
      close: async () => {
        await taking.close();
        listening.close();
      },
    });
  }

  override async read(recipient: string, request: ReadRequest = {}): Promise<MessagePage<Payload>> {
    this.checkOpen();
    checkNames(recipient);
    const sources = await this.subscriptions.sourcesOf(recipient);
    return mergedPage(sources, request, async (source, from, limit) => {
      const entries = await this.streams.read(recipient, source, from, limit);
      return entries.map((entry) => ({ entry: entry.id, message: toMessage<Payload>(source, entry) }));
    });
  }

  override async take(
    recipient: string,
    { limit = 10, leaseMs = 30_000 }: TakeRequest = {},
  ): Promise<readonly Message<Payload>[]> {
    this.checkOpen();
    checkNames(recipient);
    checkWhole('limit', limit, 1, 1000);
    checkLease(leaseMs);
    const sources = await this.subscriptions.sourcesOf(recipient);
    return takeInTurn(sources, this.turn++, limit, async (source, wanted) =>
      this.takeFrom(recipient, source, wanted, leaseMs),
    );
  }

  override async acknowledge(recipient: string, ids: string | readonly string[]): Promise<number> {
    this.checkOpen();
    checkNames(recipient);
    const counts = [...bySource(checkIds(ids))].map(async ([source, entries]) =>
      this.streams.acknowledge(recipient, source, entries),
    );
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  override async replay(recipient: string, source: string, from: StartingPoint): Promise<void> {
    this.checkOpen();
    checkNames(recipient, source);
    await this.subscriptions.replay(recipient, source, from);
  }

  override async backlog(recipient: string): Promise<Backlog> {
    this.checkOpen();
    checkNames(recipient);
    const sources = await this.subscriptions.sourcesOf(recipient);
    const backlogs = await Promise.all(
      sources.map(async (source) => [source, await this.streams.backlog(recipient, source)] as const),
    );
    const sum = (count: (backlog: (typeof backlogs)[number][1]) => number): number =>
      backlogs.reduce((total, [, backlog]) => total + count(backlog), 0);
    return {
      waiting: sum(({ waiting }) => waiting),
      taken: sum(({ taken }) => taken),
      dropped: 0,
      oldestMs: Math.max(0, ...backlogs.map(([, { oldestMs }]) => oldestMs)),
      bySource: new Map(
        backlogs
          .map(([source, { waiting, taken }]) => [source, waiting + taken] as const)
          .filter(([, count]) => count > 0),
      ),
    };
  }

  async deadLetters(recipient: string, request: ReadRequest = {}): Promise<MessagePage<Payload>> {
    this.checkOpen();
    checkNames(recipient);
    const sources = await this.subscriptions.sourcesOf(recipient);
    return mergedPage(sources, request, async (source, from, limit) => {
      const letters = await this.streams.deadLetters(recipient, source, from, limit);
      return letters.map(({ position, fields }) => {
        const letter = { id: fields.get('id') ?? '', attempt: Number(fields.get('attempts')), fields };
        return { entry: position, message: toMessage<Payload>(source, letter) };
      });
    });
  }

  async replayDeadLetter(recipient: string, id: string): Promise<boolean> {
    return this.resolveDeadLetter(recipient, id, true);
  }

  async deleteDeadLetter(recipient: string, id: string): Promise<boolean> {
    return this.resolveDeadLetter(recipient, id, false);
  }

  override async close(): Promise<void> {
    await super.close();
    this.channels.close();
  }

  private async resolveDeadLetter(recipient: string, id: string, again: boolean): Promise<boolean> {
    this.checkOpen();
    checkNames(recipient);
    const place = placeOf(id);
    if (place === undefined) return false;
    checkNames(place.source);
    return this.streams.resolveDeadLetter(recipient, place.source, place.entry, again);
  }

  private async takeFrom(
    recipient: string,
    source: string,
    limit: number,
    leaseMs: number,
  ): Promise<Message<Payload>[]> {
    let entries = await this.streams.take(recipient, source, limit, leaseMs);
    if (entries === undefined && (await this.subscriptions.makeGroup(recipient, source)) === 'made') {
      entries = await this.streams.take(recipient, source, limit, leaseMs);
    }
    return (entries ?? []).map((entry) => toMessage<Payload>(source, entry));
  }
}

/** The entries that messages are, by their sources; what is no id of a message is left out. */
function bySource(ids: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const place of ids.map(placeOf)) {
    if (place === undefined) continue;
    const group = groups.get(place.source);
    if (group === undefined) groups.set(place.source, [place.entry]);
    else group.push(place.entry);
  }
  return groups;
}

async function inEachSource(
  messages: readonly Message<unknown>[],
  run: (source: string, entries: readonly HandedOut[]) => Promise<unknown>,
): Promise<void> {
  const groups = new Map<string, HandedOut[]>();
  for (const { id, attempt, source } of messages) {
    const entry = { id: placeOf(id)?.entry ?? '', attempt };
    groups.set(source, [...(groups.get(source) ?? []), entry]);
  }
  await Promise.all([...groups].map(async ([source, entries]) => run(source, entries)));
}

function toMessage<Payload>(source: string, { id, attempt, fields }: StreamEntry): Message<Payload> {
  return {
    id: messageId({ entry: id, source }),
    source,
    payload: JSON.parse(fields.get('payload') ?? 'null') as Payload,
    publishedAtMs: Number(id.split('-')[0]),
    attempt,
  };
}
