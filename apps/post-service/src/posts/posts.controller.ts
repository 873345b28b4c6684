import { createHash } from 'node:crypto';

import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type DeliveryAccount, Fanout, type Post as PublishedPost } from 'redis-fanout';
import { ApiProblem, PostDto, PostIdParam } from 'service-host';

import { IdempotencyKey } from './idempotency-key.decorator.js';
import { CreatePostDto, DeletePostQuery, DeliveryDto, EditPostDto } from './posts.dto.js';

/** The part of Fastify's reply that is used here. */
interface Reply {
  code(status: number): this;
  header(name: string, value: string): this;
}

@ApiTags('posts')
@Controller('posts')
export class PostsController {
  constructor(private readonly fanout: Fanout) {}

  @Post()
  @ApiOperation({ summary: 'Publish a post' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Kept for 24 h, per author' })
  @ApiProblem(
    'invalid-request',
    'idempotency-conflict',
    'rate-limited',
    'backlog-full',
    'storage-unavailable',
  )
  async publish(
    @Body() draft: CreatePostDto,
    @IdempotencyKey() key: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<PublishedPost> {
    const { author, text, attachments } = draft;
    const { post, replayed } = await this.fanout.posts.publish({
      author,
      text,
      ...(attachments !== undefined && { attachments }),
      ...(key !== undefined && { idempotency: { key, fingerprint: fingerprint(draft) } }),
    });
    if (replayed) reply.code(200).header('idempotency-replayed', 'true');
    return post;
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
