import { Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Fanout, type Page, type Post } from 'redis-fanout';
import { ApiProblem, PageQuery, PostPageDto, UserIdParam } from 'service-host';

import { UserDto, UserPageDto } from './users.dto.js';

@ApiTags('users')
@Controller('users/:user')
@ApiProblem('invalid-request', 'storage-unavailable')
export class UsersController {
  constructor(private readonly fanout: Fanout) {}

  @Get()
  @ApiOperation({ summary: "A user's counts" })
  @ApiOkResponse({ type: UserDto })
  async counts(@Param('user', UserIdParam) user: string): Promise<UserDto> {
    return { user, ...(await this.fanout.follows.counts(user)) };
  }

  @Get('posts')
  @ApiOperation({ summary: "A user's posts, newest first" })
  @ApiOkResponse({ type: PostPageDto })
  async posts(@Param('user', UserIdParam) user: string, @Query() page: PageQuery): Promise<Page<Post>> {
    return this.fanout.timelines.pageOfAuthor(user, page);
  }

  @Get('following')
  @ApiOperation({ summary: 'Whom a user follows, in no order' })
  @ApiOkResponse({ type: UserPageDto })
  async following(@Param('user', UserIdParam) user: string, @Query() page: PageQuery): Promise<Page<string>> {
    return this.fanout.follows.following(user, page);
  }

  @Get('followers')
  @ApiOperation({ summary: 'Who follows a user, in no order' })
  @ApiOkResponse({ type: UserPageDto })
  async followers(@Param('user', UserIdParam) user: string, @Query() page: PageQuery): Promise<Page<string>> {
    return this.fanout.follows.followers(user, page);
  }

  @Put('following/:author')
  @HttpCode(204)
  @ApiOperation({ summary: "Follow an author; then the author's posts are in the timeline" })
  @ApiNoContentResponse()
  @ApiProblem('blocked')
  async follow(
    @Param('user', UserIdParam) user: string,
    @Param('author', UserIdParam) author: string,
  ): Promise<void> {
    await this.fanout.follows.follow(user, author);
  }

  @Delete('following/:author')
  @HttpCode(204)
  @ApiOperation({ summary: "Unfollow an author; then the author's posts are gone from the timeline" })
  @ApiNoContentResponse()
  async unfollow(
    @Param('user', UserIdParam) user: string,
    @Param('author', UserIdParam) author: string,
  ): Promise<void> {
    await this.fanout.follows.unfollow(user, author);
  }

  @Put('mutes/:other')
  @HttpCode(204)
  @ApiOperation({ summary: 'Mute a user, followed or not: their posts do not show in the timeline' })
  @ApiNoContentResponse()
  async mute(
    @Param('user', UserIdParam) user: string,
    @Param('other', UserIdParam) other: string,
  ): Promise<void> {
    await this.fanout.follows.mute(user, other);
  }

  @Delete('mutes/:other')
  @HttpCode(204)
  @ApiOperation({ summary: 'Unmute a user: their posts show again, if they are followed' })
  @ApiNoContentResponse()
  async unmute(
    @Param('user', UserIdParam) user: string,
    @Param('other', UserIdParam) other: string,
  ): Promise<void> {
    await this.fanout.follows.unmute(user, other);
  }

  @Put('blocks/:other')
  @HttpCode(204)
  @ApiOperation({ summary: 'Block a user: ends following both ways, and hides each from the other' })
  @ApiNoContentResponse()
  async block(
    @Param('user', UserIdParam) user: string,
    @Param('other', UserIdParam) other: string,
  ): Promise<void> {
    await this.fanout.follows.block(user, other);
  }

  @Delete('blocks/:other')
  @HttpCode(204)
  @ApiOperation({ summary: 'Unblock a user: following is possible again, and does not come back by itself' })
  @ApiNoContentResponse()
  async unblock(
    @Param('user', UserIdParam) user: string,
    @Param('other', UserIdParam) other: string,
  ): Promise<void> {
    await this.fanout.follows.unblock(user, other);
  }
}
