import type { Redis } from 'ioredis';

import { UnsuitableRedisError } from '../errors.js';
import { isCluster, type RedisClient } from './client.js';
import { unavailableAsSuch } from './partitioned.js';

const MIN_VERSION = 7;

/**
 * The servers that hold the data, each looked at: is it new enough, and does it never drop keys of its own accord?
 *
 * @throws UnsuitableRedisError, StorageUnavailableError
 */
export async function suitableMasters(client: RedisClient): Promise<Redis[]> {
  const nodes = await masters(client);
  for (const node of nodes) {
    const facts = await unavailableAsSuch(node.info());
    const version = /^redis_version:(\S+)/m.exec(facts)?.[1] ?? '0';
    if (Number.parseInt(version, 10) < MIN_VERSION) {
      throw new UnsuitableRedisError(`Redis ${version} is too old: ${MIN_VERSION}.0 or newer is needed`);
    }
    const policy = /^maxmemory_policy:(\S+)/m.exec(facts)?.[1] ?? 'noeviction';
    if (policy !== 'noeviction') {
      throw new UnsuitableRedisError(
        `maxmemory-policy is ${policy}: it may drop posts and followers; set it to noeviction`,
      );
    }
  }
  return nodes;
}

/** The servers that hold the data. @throws StorageUnavailableError */
export async function masters(client: RedisClient): Promise<Redis[]> {
  if (!isCluster(client)) return [client];
  // The nodes are known once a command was answered.
  await unavailableAsSuch(client.ping());
  return client.nodes('master');
}
