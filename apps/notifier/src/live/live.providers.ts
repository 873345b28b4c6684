import { type Provider } from '@nestjs/common';
import { Fanout, type RedisClient } from 'redis-fanout';
import { FANOUT_CLIENT } from 'redis-fanout/nestjs';
import { RedisPubSubServer } from 'redis-streams-transport';
import { SETTINGS } from 'service-host';

import type { Config } from '../config.js';

/** The subscription to what concerns the readers connected here. */
export const liveProviders: Provider[] = [
  {
    provide: RedisPubSubServer,
    useFactory: (client: RedisClient, fanout: Fanout, { notifier }: Config) =>
      new RedisPubSubServer({ client, channels: fanout.presence.channels(notifier) }),
    inject: [FANOUT_CLIENT, Fanout, SETTINGS],
  },
];
