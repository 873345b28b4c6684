import type { Redis } from 'ioredis';

import { UnsuitableRedisError } from '../errors.js';
import { isCluster, type RedisClient } from './client.js';
import { unavailableAsSuch } from './partitioned.js';

const MIN_VERSION = 7;

/**
 * Looks at every master: is it new enough, and does it never drop keys of its own accord?
 *
 * @throws UnsuitableRedisError, StorageUnavailableError
 */
export async function checkSuitability(client: RedisClient): Promise<void> {
  for (const node of await masters(client)) {
    const facts = await unavailableAsSuch(node.info());
    const version = /^(?:redis_version):(\S+)/m.exec(facts)?.[1] ?? '0';
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
}

/** The servers that hold the data; of a cluster as soon as it is known. */
export async function masters(client: RedisClient): Promise<Redis[]> {
  if (!isCluster(client)) return [client];
  await unavailableAsSuch(client.ping());
  return client.nodes('master');
}
