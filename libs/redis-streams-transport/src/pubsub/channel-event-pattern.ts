import { applyDecorators, UseFilters } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';

import { PassErrorsFilter } from '../streams/pass-errors-filter.js';
import { REDIS_PUBSUB } from './redis-pubsub-server.js';

/** Handles the events of a pattern that come over Pub/Sub, as StreamEventPattern does; gets the data of one message. */
export function ChannelEventPattern(pattern: string): MethodDecorator {
  return applyDecorators(
    EventPattern(pattern, REDIS_PUBSUB) as MethodDecorator,
    UseFilters(PassErrorsFilter),
  );
}
