import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { type DeadLetterPage, DeadLetters, InvalidCursorError } from 'redis-streams-transport';
import { ApiProblem, invalidField, notFound, PageQuery } from 'service-host';

@ApiTags('dead letters')
@Controller('dead-letters')
export class DeadLettersController {
  constructor(private readonly deadLetters: DeadLetters) {}

  @Get()
  @ApiOperation({ summary: 'Events that were given up after several attempts, newest first' })
  @ApiOkResponse()
  @ApiProblem('invalid-request', 'storage-unavailable')
  async page(@Query() { limit, cursor }: PageQuery): Promise<DeadLetterPage> {
    try {
      return await this.deadLetters.page({ limit, cursor });
    } catch (error) {
      if (error instanceof InvalidCursorError) throw invalidField('cursor', 'is not one that a page gave');
      throw error;
    }
  }

  @Post(':id/replay')
  @HttpCode(202)
  @ApiOperation({ summary: 'Put an event back into its outbox' })
  @ApiAcceptedResponse()
  @ApiProblem('not-found', 'storage-unavailable')
  async replay(@Param('id') id: string): Promise<void> {
    if (!(await this.deadLetters.replay(id))) throw notFound(`there is no dead letter ${id}`);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove an event for good' })
  @ApiNoContentResponse()
  @ApiProblem('not-found', 'storage-unavailable')
  async remove(@Param('id') id: string): Promise<void> {
    if (!(await this.deadLetters.remove(id))) throw notFound(`there is no dead letter ${id}`);
  }
}
