import { type LoggerService } from '@nestjs/common';
import { type Cluster, type Redis, type RedisOptions } from 'ioredis';

/** A client of one Redis or of a Redis Cluster. */
export type RedisClient = Redis | Cluster;

export interface ConnectionSettings {
  /** The name of the connection in CLIENT LIST. */
  readonly name: string;
  /** The connection is taken for dead where a command has no answer for this long. */
  readonly socketTimeoutMs: number;
  /** Whether the connection comes back by itself, and its commands wait until then. */
  readonly reconnects: boolean;
  readonly shardedSubscribers?: boolean;
}

/**
 * Opens a connection of one's own like that of a client: same addresses, credentials and encryption. What the loops rely
 * on is set whatever the client has set: an offline queue, no limit of time on blocking commands, and the shape of replies.
 */
export function duplicateClient(client: RedisClient, settings: ConnectionSettings): RedisClient {
  const options = {
    connectionName: settings.name,
    socketTimeout: settings.socketTimeoutMs,
    maxRetriesPerRequest: settings.reconnects ? null : 0,
    autoResendUnfulfilledCommands: settings.reconnects,
    autoResubscribe: false,
    commandTimeout: undefined,
    replyMapping: 'legacy',
    // A dead peer never ends its side of a connection that is being closed.
    disconnectTimeout: 500,
  } satisfies RedisOptions;
  const retry = settings.reconnects ? retryDelayMs : (): null => null;
  const shared = { enableOfflineQueue: true, lazyConnect: false };
  return isCluster(client)
    ? client.duplicate([], {
        ...shared,
        clusterRetryStrategy: retry,
        shardedSubscribers: settings.shardedSubscribers ?? false,
        redisOptions: options,
      })
    : client.duplicate({ ...shared, ...options, retryStrategy: retry });
}

/** Whether the client is one of a Redis Cluster; also where it comes from another copy of ioredis. */
export function isCluster(client: RedisClient): client is Cluster {
  return client.isCluster;
}

/** The prefix that ioredis puts before keys (though not before all of them). */
export function keyPrefixOf(client: RedisClient): string {
  return client.options.keyPrefix ?? '';
}

/** Logs the first error of a connection and its return, not each attempt between them. */
export function logConnection(client: RedisClient, logger: LoggerService, what: string): void {
  let failing = false;
  client.on('error', (error: unknown) => {
    if (!failing) logger.warn(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    failing = true;
  });
  client.on('ready', () => {
    if (failing) logger.log(`${what}: connected again`);
    failing = false;
  });
}

/** Ends a blocking read of the connection with that name, as if nothing had come. Nothing is lost by it. */
export async function unblockConnection(client: RedisClient, name: string): Promise<void> {
  for (const node of isCluster(client) ? client.nodes('master') : [client]) {
    const connections = String(await node.client('LIST')).split('\n');
    for (const connection of connections.filter((line) => line.includes(` name=${name} `))) {
      const id = /^id=(\d+)/.exec(connection)?.[1];
      if (id !== undefined) await node.client('UNBLOCK', id);
    }
  }
}

/** A connection name as Redis takes it: no blanks, and different for each connection. */
export function connectionName(...parts: readonly string[]): string {
  const unique = Math.random().toString(36).slice(2, 10);
  return [...parts, unique].join(':').replace(/[^!-~]/g, '_');
}

/** The part of a key that decides its slot in a cluster, or undefined where that is the whole key. */
export function hashTag(key: string): string | undefined {
  return /^[^{]*\{([^}]+)\}/.exec(key)?.[1];
}

function retryDelayMs(times: number): number {
  return Math.min(2000, 50 * 2 ** Math.min(times, 6));
}
