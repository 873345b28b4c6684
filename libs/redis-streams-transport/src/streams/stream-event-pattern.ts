import { applyDecorators, UseFilters } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';

import { PassErrorsFilter } from './pass-errors-filter.js';
import { REDIS_STREAMS } from './redis-streams-server.js';

/**
 * Handles the events of a pattern that come over streams: `@EventPattern(pattern, REDIS_STREAMS)` with PassErrorsFilter,
 * and with a type that lets the handler take a RedisStreamsContext. The handler gets an array of data.
 */
export function StreamEventPattern(pattern: string): MethodDecorator {
  return applyDecorators(
    EventPattern(pattern, REDIS_STREAMS) as MethodDecorator,
    UseFilters(PassErrorsFilter),
  );
}
