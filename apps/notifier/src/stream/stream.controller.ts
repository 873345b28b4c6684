import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { LiveHub } from 'redis-fanout';
import { ApiProblem } from 'service-host';

import { Connections } from '../connections/connections.js';
import { Session } from '../connections/session.js';
import { EVENT_STREAM, SseTransport } from './sse.js';
import { StreamQuery } from './stream.query.js';

/** The part of Fastify's reply that is used here: the answer never ends, so it is written by hand. */
interface Reply {
  readonly request: { readonly method: string; readonly headers: IncomingHttpHeaders };
  type(mediaType: string): this;
  send(): this;
  hijack(): void;
  readonly raw: ServerResponse;
}

@ApiTags('stream')
@Controller('stream')
export class StreamController {
  constructor(
    private readonly connections: Connections,
    private readonly hub: LiveHub,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'What happens to a timeline and an inbox, as it happens',
    description:
      'Server-Sent Events: `post`, `edited`, `deleted`, `message`; `resync` where the history no longer reaches back; ' +
      '`bye` where the server goes.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Goes before `lastEventId`' })
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  @ApiProblem('invalid-request', 'storage-unavailable', 'too-many-connections')
  async stream(@Query() { user, lastEventId, positions }: StreamQuery, @Res() reply: Reply): Promise<void> {
    if (reply.request.method === 'HEAD') {
      reply.type(EVENT_STREAM).send();
      return;
    }
    const place = this.connections.admit(user);
    const transport = new SseTransport(reply.raw, positions !== undefined);
    const header = reply.request.headers['last-event-id'];
    const since = typeof header === 'string' && header !== '' ? header : lastEventId;
    const session = new Session(user, transport);
    const isNew = since === undefined || since === '';
    let from: string;
    try {
      from = isNew ? await this.hub.position(user) : since;
    } catch (error) {
      place();
      throw error;
    }
    await this.connections.open(session, place, Promise.resolve(from));
    reply.hijack();
    transport.open();
    // So that it can come back even if it is told nothing.
    if (isNew) session.live(from);
  }
}
