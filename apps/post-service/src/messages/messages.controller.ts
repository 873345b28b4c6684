import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Fanout, type SentMessage } from 'redis-fanout';
import { ApiProblem } from 'service-host';

import { IdempotencyKey } from '../posts/idempotency-key.decorator.js';
import { CreateMessageDto, SentMessageDto } from './messages.dto.js';

/** The part of Fastify's reply that is used here. */
interface Reply {
  code(status: number): this;
  header(name: string, value: string): this;
}

@ApiTags('messages')
@Controller('messages')
export class MessagesController {
  constructor(private readonly fanout: Fanout) {}

  @Post()
  @ApiOperation({
    summary: 'Send a direct message',
    description: 'It is in the inbox of its recipient until it is read; at most 10,000 messages wait there.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Kept for 24 h, per sender' })
  @ApiCreatedResponse({ type: SentMessageDto })
  @ApiOkResponse({ type: SentMessageDto, description: 'The message of the first time' })
  @ApiProblem('invalid-request', 'blocked', 'idempotency-conflict', 'backlog-full', 'storage-unavailable')
  async send(
    @Body() { from, to, text }: CreateMessageDto,
    @IdempotencyKey() key: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<SentMessage> {
    const { message, replayed } = await this.fanout.messages.send({
      from,
      to,
      text,
      ...(key !== undefined && { idempotencyKey: key }),
    });
    if (replayed) reply.code(200).header('idempotency-replayed', 'true');
    return message;
  }
}
