import type { Cluster, Redis } from 'ioredis';

/** A connection to one Redis (also one found through Sentinel), or to a Redis Cluster. */
export type RedisClient = Redis | Cluster;

/** Tells a cluster by its kind, not by its class: the caller's ioredis may be another copy of the package. */
export function isCluster(client: RedisClient): client is Cluster {
  return client.isCluster;
}
