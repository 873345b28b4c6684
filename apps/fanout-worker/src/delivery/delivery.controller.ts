import { Controller, type OnModuleDestroy } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { Fanout, isPostEvent, POST_PATTERN } from 'redis-fanout';
import { RedisStreamsServer, StreamEventPattern } from 'redis-streams-transport';
import { Readiness } from 'service-host';

/** Delivers what comes out of the outboxes. */
@Controller()
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
  @StreamEventPattern(POST_PATTERN)
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
