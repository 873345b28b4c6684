import type { RedisServer } from 'embedded-redis';
import { connectRedis, Fanout, type FanoutOptions, isPostEvent, type RedisClient } from 'redis-fanout';

import { onCleanUp } from './clean-up.js';

/** The library on the Redis of a service, for what other services do. */
export class Library {
  private constructor(
    readonly client: RedisClient,
    readonly fanout: Fanout,
  ) {}

  /** Its connection is closed by `cleanUp`. */
  static async open(redis: RedisServer, options: Partial<FanoutOptions> = {}): Promise<Library> {
    const client = connectRedis(redis.url);
    client.on('error', () => undefined);
    onCleanUp(() => {
      client.disconnect();
    });
    return new Library(client, await Fanout.open({ ...options, client }));
  }

  /** Delivers what waits in the outboxes, and leaves them empty. */
  async deliverAll(): Promise<void> {
    for (const outbox of this.fanout.outboxes) {
      const entries = await this.client.xrange(outbox, '-', '+');
      const events = entries.map(([, fields]) => JSON.parse(fields[3] ?? '') as unknown);
      await this.fanout.deliverer.deliver(events.filter(isPostEvent));
      if (entries.length > 0) await this.client.xdel(outbox, ...entries.map(([id]) => id));
    }
  }

  /** How many events wait in the outboxes. */
  async backlog(): Promise<number> {
    const lengths = await Promise.all(this.fanout.outboxes.map((outbox) => this.client.xlen(outbox)));
    return lengths.reduce((sum, length) => sum + length, 0);
  }
}
