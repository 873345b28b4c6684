import { Controller, type OnModuleDestroy, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { Fanout, isPostEvent, POST_PATTERN } from 'redis-fanout';
import { PassErrorsFilter, REDIS_STREAMS, RedisStreamsServer } from 'redis-streams-transport';
import { Readiness } from 'service-host';

/** Delivers what comes out of the outboxes. */
@Controller()
@UseFilters(PassErrorsFilter)
export class DeliveryController implements OnModuleDestroy {
  constructor(
    private readonly fanout: Fanout,
    outboxes: RedisStreamsServer,
    readiness: Readiness,
  ) {
    readiness.add('outboxes', () => {
      if (!outboxes.isReady) throw new Error('the outboxes are not being read');
    });
  }

  /** Completes when every partition has all of the batch; may be given the same events again. */
  @EventPattern(POST_PATTERN, REDIS_STREAMS)
  async deliver(@Payload() events: readonly unknown[]): Promise<void> {
    const known = events.filter(isPostEvent);
    await this.fanout.deliverer.deliver(known);
    const unknown = events.find((event) => !isPostEvent(event));
    if (unknown !== undefined)
      throw new Error(`not an event of a post: ${JSON.stringify(unknown).slice(0, 500)}`);
  }

  onModuleDestroy(): void {
    this.fanout.deliverer.stop();
  }
}
