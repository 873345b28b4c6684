import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Fanout, type InboxPage } from 'redis-fanout';
import { ApiProblem, PageQuery, UserIdParam } from 'service-host';

import { InboxDto, ReadQuery } from './inboxes.dto.js';

@ApiTags('inboxes')
@Controller('inboxes')
@ApiProblem('invalid-request', 'storage-unavailable')
export class InboxesController {
  constructor(private readonly fanout: Fanout) {}

  @Get(':user')
  @ApiOperation({ summary: 'The unread direct messages of a user, oldest first, and their number by sender' })
  @ApiOkResponse({ type: InboxDto })
  async page(@Param('user', UserIdParam) user: string, @Query() query: PageQuery): Promise<InboxPage> {
    return this.fanout.messages.inbox(user, query);
  }

  @Delete(':user')
  @HttpCode(204)
  @ApiOperation({ summary: 'Note that everything up to a message is read; also when repeated' })
  @ApiNoContentResponse()
  async markRead(@Param('user', UserIdParam) user: string, @Query() { through }: ReadQuery): Promise<void> {
    await this.fanout.messages.markRead(user, through);
  }
}
