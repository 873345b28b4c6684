import type { INestApplication } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { type RedisServer, type RedisServerOptions, startRedis } from 'embedded-redis';
import {
  connectRedis,
  Fanout,
  type FanoutOptions,
  partitionOfUser,
  type Post,
  type RedisClient,
} from 'redis-fanout';
import { RedisStreamsServer } from 'redis-streams-transport';
import { createService, fanoutProblem, type Service } from 'service-host';

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

/** How a test's worker differs from the one that main.ts starts. */
export interface WorkerOptions {
  /** Its name among the workers. */
  readonly consumer?: string;
  /** Where the events come from; the app's own unless given. */
  readonly strategy?: (app: INestApplication) => CustomTransportStrategy | undefined;
}

/** The service, as main.ts starts it, on any free port. */
export async function startService(
  redis: RedisServer,
  { consumer, strategy = (app) => app.get(RedisStreamsServer) }: WorkerOptions = {},
): Promise<{ readonly service: Service; readonly api: Caller }> {
  const settings = readConfig({ REDIS_URL: redis.url, PORT: '0' });
  const service = await createService({
    name: 'fanout-worker',
    settings: { ...settings, consumer: consumer ?? settings.consumer },
    module: () => AppModule,
    mapError: fanoutProblem,
    configure: (app) => {
      const source = strategy(app);
      if (source !== undefined) app.connectMicroservice({ strategy: source }, { inheritAppConfig: false });
    },
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

  /** How many events wait in the outboxes. */
  async backlog(): Promise<number> {
    const lengths = await Promise.all(this.fanout.outboxes.map((outbox) => this.client.xlen(outbox)));
    return lengths.reduce((sum, length) => sum + length, 0);
  }
  async publish(author: string, text = 'a post'): Promise<Post> {
    return (await this.fanout.posts.publish({ author, text })).post;
  }

  /** Readers with a live timeline, who follow an author. */
  async addReaders(author: string, ...readers: readonly string[]): Promise<void> {
    for (const reader of readers) {
      await this.fanout.follows.follow(reader, author);
      await this.fanout.timelines.page(reader);
    }
  }

  /** The ids in a live timeline, as they are kept: what was delivered, and the floor at the end. */
  async entries(reader: string): Promise<string[]> {
    const { partitions } = this.fanout;
    const outbox = this.fanout.outboxes[partitionOfUser(reader, partitions)] ?? '';
    return this.client.lrange(outbox.replace(/outbox$/, `timeline:${reader}`), 0, -1);
  }
}
