import { type RedisServer, type RedisServerOptions, startRedis } from 'embedded-redis';
import {
  connectRedis,
  Fanout,
  type FanoutOptions,
  isPostEvent,
  type Post,
  type RedisClient,
} from 'redis-fanout';
import { createService, type Environment, fanoutProblem, type Service } from 'service-host';

import { AppModule } from '../../src/app.module.js';
import { readConfig } from '../../src/config.js';
import { Caller } from './http.js';

const cleanups: (() => unknown)[] = [];

/** Stops what the functions below started, the last one first. */
export async function cleanUp(): Promise<void> {
  for (const stop of cleanups.splice(0).reverse()) await stop();
}

/** A Redis of the test's own. */
export async function ownRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const redis = await startRedis(options);
  cleanups.push(redis.stop);
  return redis;
}

/** The service, as main.ts starts it, on any free port. */
export async function startService(
  redis: RedisServer,
  env: Environment = {},
): Promise<{ readonly service: Service; readonly api: Caller }> {
  const service = await createService({
    name: 'post-service',
    settings: readConfig({ ...env, REDIS_URL: redis.url, PORT: '0' }),
    module: () => AppModule,
    mapError: fanoutProblem,
    logDestination: { write: () => undefined },
    shutdown: { drainTimeoutMs: 3000 },
  });
  cleanups.push(() => service.stop());
  return { service, api: new Caller(service.url) };
}

/** The library on the same Redis, for what other services do. */
export class Library {
  private constructor(
    readonly client: RedisClient,
    readonly fanout: Fanout,
  ) {}

  static async open(redis: RedisServer, options: Partial<FanoutOptions> = {}): Promise<Library> {
    const client = connectRedis(redis.url);
    client.on('error', () => undefined);
    cleanups.push(() => {
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

/** Publishes over HTTP, and expects it to be taken. */
export async function publish(api: Caller, author: string, text = 'a post'): Promise<Post> {
  const answer = await api.sendJson('POST', '/posts', { author, text });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Post;
}
