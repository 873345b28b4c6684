import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';

import { InvalidOptionError } from '../errors.js';
import type { RedisClient } from './client.js';

/** ioredis offers several shapes of replies; the library needs the default one. */
export type ConnectionOptions = Omit<RedisOptions, 'replyMapping'>;

/**
 * Connects to `redis://…`, `rediss://…`, or to the cluster whose seeds are several `redis://…` parted by commas. The
 * connection comes back by itself; meanwhile a command fails within seconds instead of waiting for ever.
 *
 * @throws InvalidOptionError where the text is none of these.
 */
export function connectRedis(url: string, options: ConnectionOptions = {}): RedisClient {
  const seeds = url.split(',').map((seed) => parseUrl(seed.trim()));
  const connection = { ...RECONNECTING, ...options };
  const [first] = seeds;
  if (first === undefined || seeds.length === 1) return new Redis(url, connection);
  if (seeds.some((seed) => seed.protocol !== 'redis:')) {
    throw new InvalidOptionError('url', 'the seeds of a cluster are redis:// addresses');
  }
  return new Cluster(
    seeds.map((seed) => ({ host: seed.hostname.replace(/^\[|\]$/g, ''), port: Number(seed.port || 6379) })),
    clusterOptions(first, connection),
  );
}

const RECONNECTING: ConnectionOptions = {
  maxRetriesPerRequest: 3,
  retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 5), 1000),
  connectTimeout: 3000,
  // A server that is stopped but not gone is no better than one that is away.
  commandTimeout: 5000,
  // How long a timer lives on after a disconnect from a server that is away.
  disconnectTimeout: 500,
  keepAlive: 10_000,
};

function clusterOptions(
  seed: URL,
  connection: ConnectionOptions,
): Omit<ClusterOptions, 'redisOptions'> & { redisOptions: ConnectionOptions } {
  const { retryStrategy, ...redisOptions } = connection;
  return {
    clusterRetryStrategy: (attempt) => retryStrategy?.(attempt) ?? null,
    redisOptions: {
      ...redisOptions,
      ...(seed.username !== '' && { username: decodeURIComponent(seed.username) }),
      ...(seed.password !== '' && { password: decodeURIComponent(seed.password) }),
    },
    // Off unless set; without it a moved slot is learned of only by a refused command.
    slotsRefreshInterval: 10_000,
    shardedSubscribers: true,
  };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    throw new InvalidOptionError('url', 'a Redis address is redis://host:port or rediss://host:port');
  }
  return url;
}
