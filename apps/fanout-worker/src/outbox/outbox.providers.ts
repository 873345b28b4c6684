import { type Provider } from '@nestjs/common';
import { Fanout, type RedisClient } from 'redis-fanout';
import { FANOUT_CLIENT } from 'redis-fanout/nestjs';
import { DeadLetters, RedisStreamsServer, StreamMonitor } from 'redis-streams-transport';
import { SETTINGS } from 'service-host';

import type { Config } from '../config.js';

/**
 * Batches of one outbox on their way: a large audience in one of them does not hold up the next. What is on its way when
 * a worker is killed is delivered again in small parts, so it is kept short; calls to Redis gather from all outboxes.
 */
const BATCHES_IN_FLIGHT = 2;
export const BATCH_SIZE = 100;

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
        batchSize: BATCH_SIZE,
        maxInFlightBatches: BATCHES_IN_FLIGHT,
      }),
    inject: [FANOUT_CLIENT, Fanout, SETTINGS],
  },
  {
    provide: StreamMonitor,
    useFactory: (client: RedisClient, fanout: Fanout) =>
      new StreamMonitor({ client, streams: fanout.outboxes, group: fanout.consumerGroup }),
    inject: [FANOUT_CLIENT, Fanout],
  },
  {
    provide: DeadLetters,
    useFactory: (client: RedisClient, fanout: Fanout) =>
      new DeadLetters({ client, streams: fanout.outboxes }),
    inject: [FANOUT_CLIENT, Fanout],
  },
];
