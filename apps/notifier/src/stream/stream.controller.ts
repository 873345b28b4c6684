import type { ServerResponse } from 'node:http';

import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RedisPubSubServer } from 'redis-streams-transport';
import { ApiProblem, storageUnavailable } from 'service-host';

import { Connections } from './connections.js';
import { EVENT_STREAM } from './sse.js';
import { StreamQuery } from './stream.query.js';

/** The part of Fastify's reply that is used here: the answer never ends, so it is written by hand. */
interface Reply {
  readonly request: { readonly method: string };
  type(mediaType: string): this;
  send(): this;
  hijack(): void;
  readonly raw: ServerResponse;
}

const RETRY_AFTER_SECONDS = 2;

@ApiTags('stream')
@Controller('stream')
export class StreamController {
  constructor(
    private readonly connections: Connections,
    private readonly live: RedisPubSubServer,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'What enters a timeline, as it happens',
    description:
      'Server-Sent Events: `post`, `edited`, `deleted`; `resync` where something may have been missed.',
  })
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  @ApiProblem('invalid-request', 'storage-unavailable', 'too-many-connections')
  async stream(@Query() { user }: StreamQuery, @Res() reply: Reply): Promise<void> {
    if (reply.request.method === 'HEAD') {
      reply.type(EVENT_STREAM).send();
      return;
    }
    if (!this.live.isReady) throw storageUnavailable(RETRY_AFTER_SECONDS, new Error('not subscribed'));
    await this.connections.add(user, reply.raw);
    reply.hijack();
    this.connections.start(reply.raw);
  }
}
