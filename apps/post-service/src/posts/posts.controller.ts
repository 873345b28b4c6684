import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { type DeliveryAccount, Fanout, type Post as PublishedPost } from 'redis-fanout';
import { ApiProblem, checkedBody, PostDto, PostIdParam } from 'service-host';

import { idempotencyKeyOf } from './idempotency-key.decorator.js';
import { CreatePostDto, DeletePostQuery, DeliveryDto, EditPostDto } from './posts.dto.js';

/** The parts of Fastify's request and reply that are used here. */
interface Request {
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}
interface Reply {
  code(status: number): this;
  header(name: string, value: string): this;
  send(payload: PublishedPost): this;
}

@ApiTags('posts')
@Controller('posts')
export class PostsController {
  constructor(private readonly fanout: Fanout) {}

  /**
   * Takes the request and the reply as they are: what NestJS does to hand over parameters and to send the answer takes a
   * sixth of the processor time of a post.
   */
  @Post()
  @ApiOperation({ summary: 'Publish a post' })
  @ApiBody({ type: CreatePostDto })
  @ApiCreatedResponse({ type: PostDto })
  @ApiOkResponse({ type: PostDto, description: 'The post of the first time' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Kept for 24 h, per author' })
  @ApiProblem(
    'invalid-request',
    'idempotency-conflict',
    'rate-limited',
    'backlog-full',
    'storage-unavailable',
  )
  async publish(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    const draft = checkedBody(CreatePostDto, request.body);
    const key = idempotencyKeyOf(request);
    const { author, text, attachments } = draft;
    const idempotency = key === undefined ? undefined : { key, fingerprint: fingerprint(draft) };
    const { post, replayed } = await this.fanout.posts.publish({ author, text, attachments, idempotency });
    if (replayed) reply.code(200).header('idempotency-replayed', 'true');
    reply.send(post);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A post' })
  @ApiOkResponse({ type: PostDto })
  @ApiProblem('invalid-request', 'not-found', 'deleted', 'storage-unavailable')
  async get(@Param('id', PostIdParam) id: string): Promise<PublishedPost> {
    return this.fanout.posts.get(id);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Give a post another text' })
  @ApiOkResponse({ type: PostDto })
  @ApiProblem('invalid-request', 'not-found', 'deleted', 'backlog-full', 'storage-unavailable')
  async edit(
    @Param('id', PostIdParam) id: string,
    @Body() { author, text }: EditPostDto,
  ): Promise<PublishedPost> {
    return this.fanout.posts.edit(id, author, text);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a post; also when repeated' })
  @ApiNoContentResponse()
  @ApiProblem('invalid-request', 'not-found', 'backlog-full', 'storage-unavailable')
  async delete(@Param('id', PostIdParam) id: string, @Query() { author }: DeletePostQuery): Promise<void> {
    await this.fanout.posts.delete(id, author);
  }

  @Get(':id/delivery')
  @ApiOperation({ summary: 'What the delivery of a post came to so far' })
  @ApiOkResponse({ type: DeliveryDto })
  @ApiProblem('invalid-request', 'not-found', 'deleted', 'storage-unavailable')
  async delivery(@Param('id', PostIdParam) id: string): Promise<DeliveryAccount> {
    return this.fanout.posts.delivery(id);
  }
}

/** Equal for bodies that are equal as JSON values, whatever the order of their fields. */
function fingerprint({ author, text, attachments }: CreatePostDto): string {
  return createHash('sha256')
    .update(JSON.stringify([author, text, attachments]))
    .digest('base64url');
}
