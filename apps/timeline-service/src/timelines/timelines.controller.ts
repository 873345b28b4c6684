import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Fanout, type Page, type Post } from 'redis-fanout';
import { ApiProblem, PostPageDto, UserIdParam } from 'service-host';

import { TimelineQuery } from './timeline.query.js';

@ApiTags('timelines')
@Controller('timelines')
export class TimelinesController {
  constructor(private readonly fanout: Fanout) {}

  @Get(':user')
  @ApiOperation({ summary: 'The posts of a user and of everyone they follow, newest first' })
  @ApiOkResponse({ type: PostPageDto })
  @ApiProblem('invalid-request', 'storage-unavailable')
  async page(@Param('user', UserIdParam) user: string, @Query() query: TimelineQuery): Promise<Page<Post>> {
    return this.fanout.timelines.page(user, query);
  }
}
