import { Controller, Inject, Logger } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import {
  ChannelEventPattern,
  REDIS_STREAMS,
  type RedisClient,
  RedisPubSubContext,
  RedisPubSubServer,
  type RedisPubSubServerOptions,
  RedisStreamsContext,
  RedisStreamsServer,
  StreamEventPattern,
  type RedisStreamsServerOptions,
} from '../src/index.js';

Logger.overrideLogger(false);

const cleanups: (() => unknown)[] = [];

/** Runs after the test, the last one first. */
export function cleanUp(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

export async function runCleanups(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}

/** A client that the test closes in the end, whose errors are expected. */
export function track<T extends RedisClient>(client: T): T {
  client.on('error', () => undefined);
  cleanUp(() => {
    client.disconnect();
  });
  return client;
}

export async function until(condition: () => unknown, what: string, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await delay(5);
  }
}

export function uniqueStream(): string {
  return `{${randomUUID().slice(0, 8)}}:stream`;
}

export type BatchHandler = (data: number[], context: RedisStreamsContext) => unknown;

const HANDLER = Symbol('handler');

@Controller()
class BatchController {
  constructor(@Inject(HANDLER) private readonly handle: BatchHandler) {}

  @StreamEventPattern('counted')
  counted(@Payload() data: number[], @Ctx() context: RedisStreamsContext): unknown {
    return this.handle(data, context);
  }

  /** What NestJS offers works as well, though it types the context as unknown. */
  @EventPattern('other', REDIS_STREAMS)
  other(@Payload() data: number[], @Ctx() context: unknown): unknown {
    return this.handle(data, context as RedisStreamsContext);
  }

  @EventPattern({ kind: 'object', of: 'pattern' }, REDIS_STREAMS)
  object(@Payload() data: number[], @Ctx() context: unknown): unknown {
    return this.handle(data, context as RedisStreamsContext);
  }
}

export interface Consumer {
  readonly server: RedisStreamsServer;
  stop(): Promise<void>;
}

/** A real NestJS microservice whose handlers are the given one; quick in everything unless told otherwise. */
export async function consume(
  options: Partial<RedisStreamsServerOptions> & Pick<RedisStreamsServerOptions, 'client' | 'streams'>,
  handle: BatchHandler,
): Promise<Consumer> {
  const server = new RedisStreamsServer({
    group: 'workers',
    consumer: 'one',
    blockMs: 200,
    retryDelayMs: 20,
    maxRetryDelayMs: 100,
    minIdleMs: 60_000,
    drainMs: 2000,
    ...options,
  });
  const module = await Test.createTestingModule({
    controllers: [BatchController],
    providers: [{ provide: HANDLER, useValue: handle }],
  }).compile();
  const app = module.createNestMicroservice({ strategy: server, logger: false, abortOnError: false });
  await app.listen();
  const stop = async (): Promise<void> => {
    await app.close();
  };
  cleanUp(stop);
  return { server, stop };
}

export type MessageHandler = (data: number, context: RedisPubSubContext) => unknown;

@Controller()
class MessageController {
  constructor(@Inject(HANDLER) private readonly handle: MessageHandler) {}

  @ChannelEventPattern('counted')
  counted(@Payload() data: number, @Ctx() context: RedisPubSubContext): unknown {
    return this.handle(data, context);
  }
}

/** A real NestJS microservice over Pub/Sub, which is subscribed. */
export async function listen(
  options: RedisPubSubServerOptions,
  handle: MessageHandler,
): Promise<RedisPubSubServer> {
  const server = new RedisPubSubServer({
    probeIntervalMs: 100,
    probeTimeoutMs: 1000,
    drainMs: 1000,
    ...options,
  });
  const module = await Test.createTestingModule({
    controllers: [MessageController],
    providers: [{ provide: HANDLER, useValue: handle }],
  }).compile();
  const app = module.createNestMicroservice({ strategy: server, logger: false, abortOnError: false });
  await app.listen();
  cleanUp(async () => {
    await app.close();
  });
  await server.whenReady();
  return server;
}

/** Appends events of the pattern `counted`, and returns their ids. */
export async function append(client: RedisClient, stream: string, ...numbers: number[]): Promise<string[]> {
  const ids: string[] = [];
  for (const number of numbers) {
    ids.push(String(await client.xadd(stream, '*', 'pattern', 'counted', 'data', String(number))));
  }
  return ids;
}

/** How many entries the group has been given and has not acknowledged. */
export async function pendingCount(client: RedisClient, stream: string, group = 'workers'): Promise<number> {
  const summary = (await client.xpending(stream, group)) as [number, ...unknown[]];
  return summary[0];
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** A promise that the test settles. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return {
    opened,
    open: () => {
      open();
    },
  };
}
