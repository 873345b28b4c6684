import { type Provider } from '@nestjs/common';
import { Fanout, LiveHub, type RedisClient } from 'redis-fanout';
import { FANOUT_CLIENT } from 'redis-fanout/nestjs';
import { RedisPubSubServer } from 'redis-streams-transport';
import { LOGGER, type ServiceLogger } from 'service-host';

/** What tells the connections, and the subscription by which it hears. */
export const liveProviders: Provider[] = [
  {
    provide: LiveHub,
    useFactory: (fanout: Fanout, logger: ServiceLogger) =>
      fanout.liveHub({
        onError: (err) => {
          logger.warn({ err }, 'what happens could not be told: it is read up once Redis answers');
        },
      }),
    inject: [Fanout, LOGGER],
  },
  {
    provide: RedisPubSubServer,
    useFactory: (client: RedisClient, { channels }: LiveHub) => new RedisPubSubServer({ client, channels }),
    inject: [FANOUT_CLIENT, LiveHub],
  },
];
