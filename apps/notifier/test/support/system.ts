import { type RedisServer, type RedisServerOptions, startRedis } from 'embedded-redis';
import {
  connectRedis,
  Fanout,
  type FanoutOptions,
  isPostEvent,
  type Post,
  type RedisClient,
} from 'redis-fanout';
import { RedisPubSubServer } from 'redis-streams-transport';
import { createService, type Environment, fanoutProblem, type Service } from 'service-host';

import { AppModule } from '../../src/app.module.js';
import { readConfig } from '../../src/config.js';
import { Caller, until } from './http.js';

const cleanups: (() => unknown)[] = [];

/** Stops what the functions below started, the last one first. */
export async function cleanUp(): Promise<void> {
  for (const stop of cleanups.splice(0).reverse()) await stop();
}

/** Has something done at the end of the test, before what was started earlier is stopped. */
export function onCleanUp(stop: () => unknown): void {
  cleanups.push(stop);
}

/** A Redis of the test's own. */
export async function ownRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const redis = await startRedis(options);
  cleanups.push(redis.stop);
  return redis;
}

/** The service, as main.ts starts it, on any free port. */
export async function startNotifier(
  redis: RedisServer,
  env: Environment = {},
): Promise<{ readonly service: Service; readonly api: Caller }> {
  const service = await createService({
    name: 'notifier',
    settings: readConfig({ ...env, REDIS_URL: redis.url, PORT: '0' }),
    module: () => AppModule,
    mapError: fanoutProblem,
    configure: (app) => {
      app.connectMicroservice({ strategy: app.get(RedisPubSubServer) }, { inheritAppConfig: false });
    },
    logDestination: { write: () => undefined },
    shutdown: { drainTimeoutMs: 3000 },
  });
  cleanups.push(() => service.stop());
  const api = new Caller(service.url);
  await until(async () => (await api.get('/health/ready')).status === 200, 'it is ready');
  return { service, api };
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

  /** Publishes and delivers. */
  async publish(author: string, text = 'a post'): Promise<Post> {
    const { post } = await this.fanout.posts.publish({ author, text });
    await this.deliverAll();
    return post;
  }

  /** The connected readers, as the deliveries know them. */
  async online(): Promise<string[]> {
    const keys = await this.client.keys('fanout:*:online');
    return (await Promise.all(keys.map((key) => this.client.hkeys(key)))).flat().sort();
  }
}
