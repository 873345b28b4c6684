import { type DynamicModule, Module } from '@nestjs/common';
import { Fanout } from 'redis-fanout';
import { RedisFanoutModule, type RedisFanoutModuleOptions } from 'redis-fanout/nestjs';

import { SETTINGS } from '../boot/host.module.js';
import { Readiness } from '../health/readiness.js';
import { LOGGER, type ServiceLogger } from '../logging/logger.js';
import type { FanoutServiceSettings } from './fanout-settings.js';

/** Opens the fan-out that the settings describe, and adds Redis to what readiness looks at. */
@Module({})
export class FanoutModule {
  constructor(readiness: Readiness, fanout: Fanout) {
    readiness.add('redis', () => fanout.ping());
  }

  static forRoot(): DynamicModule {
    return {
      module: FanoutModule,
      imports: [RedisFanoutModule.forRootAsync({ useFactory: options, inject: [SETTINGS, LOGGER] })],
    };
  }
}

function options(settings: FanoutServiceSettings, logger: ServiceLogger): RedisFanoutModuleOptions {
  return {
    url: settings.redisUrls.join(','),
    onConnectionError: (err) => {
      logger.warn({ err }, 'connection to Redis');
    },
    ...(settings.partitions > 0 && { partitions: settings.partitions }),
    pushMaxFollowers: settings.pushMaxFollowers,
    timelineMaxEntries: settings.timelineMaxEntries,
    authorMaxPosts: settings.authorMaxPosts,
    historyMaxEvents: settings.historyMaxEvents,
    timelineIdleSeconds: settings.timelineIdleDays * 24 * 3600,
    postsPerMinute: settings.postsPerMinute,
    maxBacklog: settings.maxBacklog,
  };
}
