import { type Provider } from '@nestjs/common';
import { Fanout, type RedisClient } from 'redis-fanout';
import { DeadLetters, RedisStreamsServer, StreamMonitor } from 'redis-streams-transport';
import { REDIS, SETTINGS } from 'service-host';

import type { Config } from '../config.js';

/** Batches of one outbox on their way: a large audience in one of them does not hold up the next. */
const BATCHES_IN_FLIGHT = 4;

/** What consumes the outboxes, as one of the group of all workers, and what looks at them from beside. */
export const outboxProviders: Provider[] = [
  {
    provide: RedisStreamsServer,
    useFactory: (client: RedisClient, fanout: Fanout, { consumer }: Config) =>
      new RedisStreamsServer({
        client,
        streams: fanout.outboxes,
        group: fanout.consumerGroup,
        consumer,
        maxInFlightBatches: BATCHES_IN_FLIGHT,
      }),
    inject: [REDIS, Fanout, SETTINGS],
  },
  {
    provide: StreamMonitor,
    useFactory: (client: RedisClient, fanout: Fanout) =>
      new StreamMonitor({ client, streams: fanout.outboxes, group: fanout.consumerGroup }),
    inject: [REDIS, Fanout],
  },
  {
    provide: DeadLetters,
    useFactory: (client: RedisClient, fanout: Fanout) =>
      new DeadLetters({ client, streams: fanout.outboxes }),
    inject: [REDIS, Fanout],
  },
];
