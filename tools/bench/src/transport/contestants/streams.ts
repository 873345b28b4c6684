import { Controller, Inject } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Payload } from '@nestjs/microservices';
import { Redis } from 'ioredis';
import { RedisStreamsClient, RedisStreamsServer, StreamEventPattern } from 'redis-streams-transport';
import { lastValueFrom } from 'rxjs';

import { STREAM } from '../contestant.js';
import { type MeasuredEvent, PATTERN } from '../event.js';
import { HANDLE, handling } from './handling.js';
import type { PrepareConsumer, OpenProducer } from './transport.js';

@Controller()
class StreamController {
  constructor(@Inject(HANDLE) private readonly handle: (event: MeasuredEvent) => void) {}

  @StreamEventPattern(PATTERN)
  handleAll(@Payload() events: readonly MeasuredEvent[]): void {
    for (const event of events) this.handle(event);
  }
}

/** Our transport over Redis Streams, with its defaults. */
export const prepareStreamsConsumer: PrepareConsumer = async (redisUrl, handle) => {
  const client = new Redis(redisUrl);
  const strategy = new RedisStreamsServer({ client, streams: [STREAM], group: 'bench', consumer: 'one' });
  const module = handling(StreamController, handle);
  const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
  return {
    start: async () => {
      await app.listen();
    },
    close: async () => {
      await app.close();
      client.disconnect();
    },
  };
};

export const openStreamsProducer: OpenProducer = async (redisUrl) => {
  const transport = new RedisStreamsClient({ client: new Redis(redisUrl), stream: STREAM });
  const send = async (event: MeasuredEvent): Promise<unknown> =>
    lastValueFrom(transport.emit(PATTERN, event));
  return Promise.resolve({ send, sendBatch: async (events) => Promise.all(events.map(send)) });
};
