import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Fanout, type Page, type Post } from 'redis-fanout';
import { ApiProblem, checkedParam, checkedQuery, PostPageDto, userId } from 'service-host';

import { TimelineQuery } from './timeline.query.js';

/** The parts of Fastify's request and reply that are used here. */
interface Request {
  readonly params: { readonly user: string };
  readonly query: unknown;
}
interface Reply {
  send(payload: Page<Post>): this;
}

@ApiTags('timelines')
@Controller('timelines')
export class TimelinesController {
  constructor(private readonly fanout: Fanout) {}

  /**
   * Takes the request and the reply as they are: what NestJS does to hand over parameters and to send the answer takes an
   * eighth of the processor time of a page that has nothing new.
   */
  @Get(':user')
  @ApiOperation({ summary: 'The posts of a user and of everyone they follow, newest first' })
  @ApiParam({ name: 'user', type: String })
  @ApiQuery({ type: TimelineQuery })
  @ApiOkResponse({ type: PostPageDto })
  @ApiProblem('invalid-request', 'storage-unavailable')
  async page(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    const user = checkedParam('user', request.params.user, userId);
    const query = checkedQuery(TimelineQuery, request.query);
    reply.send(await this.fanout.timelines.page(user, query));
  }
}
