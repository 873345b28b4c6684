import { Logger } from '@nestjs/common';
import { type CustomTransportStrategy } from '@nestjs/microservices';

import { UnsupportedOperationError } from '../errors.js';
import { EventServer } from '../event-server.js';
import { connectionName, duplicateClient, logConnection, type RedisClient } from '../redis/redis-client.js';
import { Lane } from '../timing.js';
import { type Consumption, type Deliver } from './consumption.js';
import { RedisStreamsContext } from './redis-streams-context.js';
import { StreamConsumer, type StreamProgress } from './stream-consumer.js';
import {
  type RedisStreamsServerOptions,
  type StreamsSettings,
  toStreamsSettings,
} from './streams-options.js';

/** Names this transport in `@EventPattern(pattern, REDIS_STREAMS)`, where an app has several. */
export const REDIS_STREAMS = Symbol('redis-streams');

/** Whether the connection for commands is up. */
export type RedisStreamsStatus = 'connected' | 'disconnected';

/** Scripts are short; a Redis that answers none for this long is dead or stuck. */
const COMMANDS_SOCKET_TIMEOUT_MS = 15_000;

interface Running {
  readonly commands: RedisClient;
  readonly consumers: readonly StreamConsumer[];
  readonly stopping: AbortController;
  readonly closed: AbortController;
}

/**
 * Consumes Redis streams with a consumer group, at least once: an entry is acknowledged after its handler's Observable
 * completed, and delivered again until then; after `maxAttempts` deliveries it becomes a dead letter. A handler
 * (`@EventPattern`) gets an array: the data of entries in a row with the same pattern. Entries of one stream come in
 * order the first time (with one batch in flight), in any order when they are delivered again.
 */
export class RedisStreamsServer extends EventServer<RedisStreamsStatus> implements CustomTransportStrategy {
  override readonly transportId = REDIS_STREAMS;
  protected override readonly logger = new Logger(RedisStreamsServer.name);
  private readonly client: RedisClient;
  private readonly settings: StreamsSettings;
  private running: Running | undefined;

  /** Throws InvalidOptionError. Opens no connection before `listen`. */
  constructor(options: RedisStreamsServerOptions) {
    super();
    this.client = options.client;
    this.settings = toStreamsSettings(options);
  }

  /** Starts to consume. Calls back at once, also where Redis is down: the loops begin when it is there. */
  override listen(callback: (error?: unknown) => unknown): void {
    this.running ??= this.start();
    callback();
  }

  /**
   * Takes no more entries, waits up to `drainMs` for handlers at work and acknowledges what they finish, and closes the
   * connections. Whatever is not finished stays pending. Never rejects, also where Redis is down.
   */
  override async close(): Promise<void> {
    const running = this.running;
    if (running === undefined) return;
    this.running = undefined;
    running.stopping.abort();
    await Promise.all(running.consumers.map((consumer) => consumer.stop(this.settings.drainMs)));
    running.closed.abort();
    running.commands.disconnect();
    this._status$.next('disconnected');
  }

  /** Whether Redis is there and every stream is being read. */
  get isReady(): boolean {
    return this.running?.commands.status === 'ready' && this.progress().every((consumer) => consumer.reading);
  }

  /** What was done with each stream since the start; empty while it does not listen. */
  progress(): StreamProgress[] {
    return this.running?.consumers.map((consumer) => consumer.progress()) ?? [];
  }

  /** The connection for commands that do not block. Throws UnsupportedOperationError while it does not listen. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the signature is NestJS's
  override unwrap<T = RedisClient>(): T {
    if (this.running === undefined) throw new UnsupportedOperationError('unwrap', 'listen first');
    return this.running.commands as T;
  }

  private start(): Running {
    const { streams, group, consumer } = this.settings;
    const name = connectionName(group, consumer);
    const connection = { name, socketTimeoutMs: COMMANDS_SOCKET_TIMEOUT_MS, reconnects: true };
    const commands = duplicateClient(this.client, connection);
    logConnection(commands, this.logger, `commands of ${group}`);
    commands.on('ready', () => {
      this._status$.next('connected');
    });
    commands.on('close', () => {
      this._status$.next('disconnected');
    });
    const stopping = new AbortController();
    const closed = new AbortController();
    const shared = {
      settings: this.settings,
      commands,
      deliver: this.deliver,
      logger: this.logger,
      suspects: new Lane(),
      stopping: stopping.signal,
      closed: closed.signal,
    };
    const consumers = streams.map(
      (keys) => new StreamConsumer({ ...shared, keys } satisfies Consumption, this.client),
    );
    for (const each of consumers) each.start();
    return { commands, consumers, stopping, closed };
  }

  private readonly deliver: Deliver = async (stream, { pattern, data, entries }) => {
    const ids = entries.map(({ id }) => id);
    const attempts = entries.map(({ deliveries }) => deliveries);
    await this.dispatch(pattern, data, new RedisStreamsContext([stream, ids, attempts]));
  };
}
