import { InvalidOptionError, UnsuitableRedisError } from '../errors.js';
import { Keys, settingsKey } from '../keys.js';
import { fixSettings } from '../lua/fix-settings.js';
import { scripts } from '../lua/scripts.js';
import { MAX_PARTITIONS } from '../partitions.js';
import { isCluster, type RedisClient } from './client.js';
import { PartitionedRedis, unavailableAsSuch } from './partitioned.js';
import { suitableMasters } from './suitability.js';

/** The number of the way in which data is written. Another number is another way, which this version would misread. */
const LAYOUT = 5;

/** What is needed to find one's data on a Redis. */
export interface OpenOptions {
  readonly client: RedisClient;
  readonly prefix?: string | undefined;
  readonly partitions?: number | undefined;
}

/**
 * Looks at the servers, lets them know the scripts, fixes the number of partitions where nobody did yet, and makes sure
 * that what lies there is written as this version writes it.
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
  const fixed = await fixedPartitions(client, nodes.length, prefix, partitions);
  return new PartitionedRedis(client, new Keys(fixed, prefix, isCluster(client)));
}

/** The number of partitions and the layout decide where everything lies, so they are fixed once, by whoever comes first. */
async function fixedPartitions(
  client: RedisClient,
  masters: number,
  prefix: string,
  wanted: number | undefined,
): Promise<number> {
  if (wanted !== undefined && (!Number.isInteger(wanted) || wanted < 1 || wanted > MAX_PARTITIONS)) {
    throw new InvalidOptionError('partitions', `a whole number from 1 to ${MAX_PARTITIONS}`);
  }
  // Eight are cheap; a cluster wants several for each master, to spread over those that may come.
  const proposal = wanted ?? Math.min(MAX_PARTITIONS, isCluster(client) ? Math.max(8, 4 * masters) : 8);
  const fixed = await unavailableAsSuch(
    fixSettings(client, { settings: settingsKey(prefix) }, { partitions: proposal, layout: LAYOUT }),
  );
  if (fixed.layout !== LAYOUT) {
    throw new UnsuitableRedisError(
      `what lies under the prefix "${prefix}" was written in layout ${fixed.layout ?? 'none (an early version)'}; ` +
        `this version reads and writes layout ${LAYOUT}. Use the version that wrote it, or another prefix`,
    );
  }
  if (wanted !== undefined && wanted !== fixed.partitions) {
    throw new UnsuitableRedisError(
      `this Redis was set up with ${fixed.partitions} partitions, not ${wanted}; that cannot change`,
    );
  }
  return fixed.partitions;
}
