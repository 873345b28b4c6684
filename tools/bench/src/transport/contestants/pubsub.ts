import { Controller, Inject } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Payload } from '@nestjs/microservices';
import { Redis } from 'ioredis';
import { ChannelEventPattern, encodeMessage, RedisPubSubServer } from 'redis-streams-transport';

import { CHANNEL } from '../contestant.js';
import { type MeasuredEvent, PATTERN } from '../event.js';
import { HANDLE, handling } from './handling.js';
import type { PrepareConsumer, OpenProducer } from './transport.js';

@Controller()
class ChannelController {
  constructor(@Inject(HANDLE) private readonly handle: (event: MeasuredEvent) => void) {}

  @ChannelEventPattern(PATTERN)
  handleOne(@Payload() event: MeasuredEvent): void {
    this.handle(event);
  }
}

/** Our transport over sharded Pub/Sub, with its defaults. */
export const preparePubSubConsumer: PrepareConsumer = async (redisUrl, handle) => {
  const client = new Redis(redisUrl);
  const strategy = new RedisPubSubServer({ client, channels: [CHANNEL] });
  const module = handling(ChannelController, handle);
  const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
  return {
    start: async () => {
      await app.listen();
      await strategy.whenReady();
    },
    close: async () => {
      await app.close();
      client.disconnect();
    },
  };
};

export const openPubSubProducer: OpenProducer = async (redisUrl) => {
  const redis = new Redis(redisUrl);
  const send = async (event: MeasuredEvent): Promise<unknown> =>
    redis.spublish(CHANNEL, encodeMessage(PATTERN, event));
  return Promise.resolve({ send, sendBatch: async (events) => Promise.all(events.map(send)) });
};
