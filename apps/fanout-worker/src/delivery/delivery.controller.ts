import { Controller, type OnModuleDestroy } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { Fanout, isPostEvent, POST_PATTERN } from 'redis-fanout';
import { RedisStreamsServer, StreamEventPattern } from 'redis-streams-transport';
import { Lifecycle, Readiness } from 'service-host';

import { BATCH_SIZE } from '../outbox/outbox.providers.js';

/** Delivers what comes out of the outboxes. */
@Controller()
export class DeliveryController implements OnModuleDestroy {
  constructor(
    private readonly fanout: Fanout,
    outboxes: RedisStreamsServer,
    readiness: Readiness,
    lifecycle: Lifecycle,
  ) {
    readiness.add('outboxes', () => {
      if (!outboxes.isReady) throw new Error('the outboxes are not being read');
    });
    lifecycle.onDrain(async ({ deadline }) => {
      // What was taken is delivered: another worker would take it over only after 30 s. A Redis that does not serve is
      // waited for half of the time.
      const giveUp = setTimeout(
        () => {
          fanout.deliverer.stop();
        },
        (deadline - Date.now()) / 2,
      );
      try {
        await outboxes.close();
      } finally {
        clearTimeout(giveUp);
      }
    });
  }

  /** Completes when every partition has all of the batch; may be given the same events again. */
  @StreamEventPattern(POST_PATTERN)
  async deliver(@Payload() events: readonly unknown[]): Promise<void> {
    const known = events.filter(isPostEvent);
    await this.fanout.deliverer.deliver(known, events.length >= BATCH_SIZE);
    const unknown = events.find((event) => !isPostEvent(event));
    if (unknown !== undefined)
      throw new Error(`not an event of a post: ${JSON.stringify(unknown).slice(0, 500)}`);
  }

  onModuleDestroy(): void {
    this.fanout.deliverer.stop();
  }
}
