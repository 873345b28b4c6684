import { InvalidOptionError, UnsuitableRedisError } from '../errors.js';
import { Keys, settingsKey } from '../keys.js';
import { scripts } from '../lua/scripts.js';
import { MAX_PARTITIONS } from '../partitions.js';
import { isCluster, type RedisClient } from './client.js';
import { PartitionedRedis, unavailableAsSuch } from './partitioned.js';
import { suitableMasters } from './suitability.js';

/** What is needed to find one's data on a Redis. */
export interface OpenOptions {
  readonly client: RedisClient;
  readonly prefix?: string | undefined;
  readonly partitions?: number | undefined;
}

/**
 * Looks at the servers, lets them know the scripts, and fixes the number of partitions where nobody did yet.
 *
 * @throws InvalidOptionError, UnsuitableRedisError, StorageUnavailableError
 */
export async function openPartitioned({
  client,
  prefix = 'fanout',
  partitions,
}: OpenOptions): Promise<PartitionedRedis> {
  const nodes = await suitableMasters(client);
  await unavailableAsSuch(Promise.all(nodes.flatMap((node) => scripts.map((script) => script.load(node)))));
  const fixed = await fixPartitions(client, nodes.length, prefix, partitions);
  return new PartitionedRedis(client, new Keys(fixed, prefix));
}

/** The number of partitions is part of where everything lies, so it is fixed once, by whoever comes first. */
async function fixPartitions(
  client: RedisClient,
  masters: number,
  prefix: string,
  wanted: number | undefined,
): Promise<number> {
  if (wanted !== undefined && (!Number.isInteger(wanted) || wanted < 1 || wanted > MAX_PARTITIONS)) {
    throw new InvalidOptionError('partitions', `a whole number from 1 to ${MAX_PARTITIONS}`);
  }
  const key = settingsKey(prefix);
  // Eight are cheap; a cluster wants several for each master, to spread over those that may come.
  const proposal = wanted ?? Math.min(MAX_PARTITIONS, isCluster(client) ? Math.max(8, 4 * masters) : 8);
  await unavailableAsSuch(client.hsetnx(key, 'partitions', proposal));
  const fixed = Number(await unavailableAsSuch(client.hget(key, 'partitions')));
  if (wanted !== undefined && wanted !== fixed) {
    throw new UnsuitableRedisError(
      `this Redis was set up with ${fixed} partitions, not ${wanted}; that cannot change`,
    );
  }
  return fixed;
}
