import type { Redis, RedisOptions } from 'ioredis';

/**
 * Opens a connection for subscriptions like that to a node: same address, credentials and encryption. It lives once: it
 * neither reconnects nor subscribes again by itself, so that whoever owns it learns of every loss. Nothing asked of it
 * takes longer than `timeoutMs`.
 */
export function subscriberLike(node: Redis, name: string, timeoutMs: number): Redis {
  return node.duplicate({
    connectionName: name,
    lazyConnect: false,
    enableOfflineQueue: true,
    enableAutoPipelining: false,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    // A peer that answers nothing is dead, also where it has accepted the connection.
    socketTimeout: timeoutMs,
    retryStrategy: null,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    replyMapping: 'legacy',
    // A dead peer never ends its side of a connection that is being closed.
    disconnectTimeout: 500,
  } satisfies RedisOptions);
}
