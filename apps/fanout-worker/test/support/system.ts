import type { INestApplication } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { RedisServer } from 'embedded-redis';
import { partitionOfUser, type Post } from 'redis-fanout';
import { RedisStreamsServer } from 'redis-streams-transport';
import { type Library, type OwnService, ownService } from 'test-support';

import { AppModule } from '../../src/app.module.js';
import { readConfig } from '../../src/config.js';

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
): Promise<OwnService> {
  const settings = readConfig({ REDIS_URL: redis.url, PORT: '0' });
  return ownService({
    name: 'fanout-worker',
    settings: { ...settings, consumer: consumer ?? settings.consumer },
    module: () => AppModule,
    configure: (app) => {
      const source = strategy(app);
      if (source !== undefined) app.connectMicroservice({ strategy: source }, { inheritAppConfig: false });
    },
  });
}

export async function publish({ fanout }: Library, author: string, text = 'a post'): Promise<Post> {
  return (await fanout.posts.publish({ author, text })).post;
}

/** Readers with a live timeline, who follow an author. */
export async function addReaders(
  { fanout }: Library,
  author: string,
  ...readers: readonly string[]
): Promise<void> {
  for (const reader of readers) {
    await fanout.follows.follow(reader, author);
    await fanout.timelines.page(reader);
  }
}

/** The ids in a live timeline, as they are kept: the floor, and what was delivered. */
export async function entries({ client, fanout }: Library, reader: string): Promise<string[]> {
  const outbox = fanout.outboxes[partitionOfUser(reader, fanout.partitions)] ?? '';
  return client.lrange(outbox.replace(/outbox$/, `timeline:${reader}`), 0, -1);
}
