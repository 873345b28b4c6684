import { type RedisServer, type RedisServerOptions, startRedis } from 'embedded-redis';

import { onCleanUp } from './clean-up.js';

/** A Redis of the test's own, until `cleanUp`. */
export async function ownRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const redis = await startRedis(options);
  onCleanUp(() => redis.stop());
  return redis;
}
