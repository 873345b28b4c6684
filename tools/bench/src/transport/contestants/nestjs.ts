import { setTimeout as delay } from 'node:timers/promises';

import { Controller, Inject } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ClientProxyFactory,
  EventPattern,
  type MicroserviceOptions,
  Payload,
  type RedisOptions,
  Transport,
} from '@nestjs/microservices';
import { Redis } from 'ioredis';
import { lastValueFrom } from 'rxjs';

import { type MeasuredEvent, PATTERN } from '../event.js';
import { MISSING_AFTER_MS } from '../plan.js';
import { HANDLE, handling } from './handling.js';
import type { PrepareConsumer, OpenProducer } from './transport.js';

const POLL_MS = 5;

@Controller()
class EventController {
  constructor(@Inject(HANDLE) private readonly handle: (event: MeasuredEvent) => void) {}

  @EventPattern(PATTERN)
  handleOne(@Payload() event: MeasuredEvent): void {
    this.handle(event);
  }
}

/** NestJS's own transport over Pub/Sub. */
export const prepareNestConsumer: PrepareConsumer = async (redisUrl, handle) => {
  const module = handling(EventController, handle);
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, {
    ...redisOptions(redisUrl),
    logger: false,
  });
  return {
    start: async () => {
      await app.listen();
      await subscribed(redisUrl);
    },
    close: async () => app.close(),
  };
};

export const openNestProducer: OpenProducer = async (redisUrl) => {
  const client = ClientProxyFactory.create(redisOptions(redisUrl));
  await client.connect();
  const send = async (event: MeasuredEvent): Promise<unknown> =>
    lastValueFrom(client.emit(PATTERN, event), { defaultValue: undefined });
  return { send, sendBatch: async (events) => Promise.all(events.map(send)) };
};

function redisOptions(redisUrl: string): RedisOptions & { readonly transport: Transport.REDIS } {
  const { hostname: host, port } = new URL(redisUrl);
  const retries = { retryAttempts: 10, retryDelay: 1000 };
  return { transport: Transport.REDIS, options: { host, port: Number(port), ...retries } };
}

/** It listens before it is subscribed, and what is published until then is lost to it. */
async function subscribed(redisUrl: string): Promise<void> {
  const redis = new Redis(redisUrl);
  const deadline = Date.now() + MISSING_AFTER_MS;
  try {
    while ((await redis.pubsub('NUMSUB', PATTERN))[1] === 0) {
      if (Date.now() > deadline) throw new Error('the server does not subscribe');
      await delay(POLL_MS);
    }
  } finally {
    redis.disconnect();
  }
}
