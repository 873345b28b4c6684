import { setTimeout as delay } from 'node:timers/promises';

import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { connectRedis, Fanout, type RedisClient, StorageUnavailableError } from 'redis-fanout';

import { SETTINGS } from '../boot/host.module.js';
import { Readiness } from '../health/readiness.js';
import { LOGGER, type ServiceLogger } from '../logging/logger.js';
import type { FanoutServiceSettings } from './fanout-settings.js';

/** The injection token of the connection to Redis that the fan-out works with. */
export const REDIS = Symbol('service-host:redis');

/** A Redis that starts at the same time may take so long. */
const START_PATIENCE_MS = 30_000;
const START_RETRY_MS = 500;

/** Opens the fan-out that the settings describe, adds Redis to what readiness looks at, and closes the connection last. */
@Global()
@Module({})
export class FanoutModule implements OnApplicationShutdown {
  constructor(
    @Inject(REDIS) private readonly client: RedisClient,
    readiness: Readiness,
    fanout: Fanout,
  ) {
    readiness.add('redis', () => fanout.ping());
  }

  static forRoot(): DynamicModule {
    return {
      module: FanoutModule,
      providers: [
        { provide: REDIS, useFactory: connect, inject: [SETTINGS, LOGGER] },
        { provide: Fanout, useFactory: open, inject: [SETTINGS, LOGGER, REDIS] },
      ],
      exports: [REDIS, Fanout],
    };
  }

  onApplicationShutdown(): void {
    this.client.disconnect();
  }
}

function connect(settings: FanoutServiceSettings, logger: ServiceLogger): RedisClient {
  const client = connectRedis(settings.redisUrls.join(','));
  client.on('error', (err: unknown) => {
    logger.warn({ err }, 'connection to Redis');
  });
  return client;
}

async function open(
  settings: FanoutServiceSettings,
  logger: ServiceLogger,
  client: RedisClient,
): Promise<Fanout> {
  const deadline = Date.now() + START_PATIENCE_MS;
  for (;;) {
    try {
      return await Fanout.open({
        client,
        ...(settings.partitions > 0 && { partitions: settings.partitions }),
        pushMaxFollowers: settings.pushMaxFollowers,
        timelineMaxEntries: settings.timelineMaxEntries,
        timelineIdleSeconds: settings.timelineIdleDays * 24 * 3600,
        postsPerMinute: settings.postsPerMinute,
        maxBacklog: settings.maxBacklog,
      });
    } catch (error) {
      if (!(error instanceof StorageUnavailableError) || Date.now() > deadline) {
        // Nobody else closes it where the service does not start.
        client.disconnect();
        throw error;
      }
      logger.warn(`waiting for Redis: ${error.message}`);
      await delay(START_RETRY_MS);
    }
  }
}
