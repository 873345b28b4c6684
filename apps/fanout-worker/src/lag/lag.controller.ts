import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { StreamMonitor } from 'redis-streams-transport';
import { ApiProblem } from 'service-host';

class BacklogDto {
  @ApiProperty({ type: Number, description: 'Events that no worker has taken yet' })
  readonly waiting!: number;

  @ApiProperty({ type: Number, description: 'Events that a worker has taken and not acknowledged' })
  readonly pending!: number;

  @ApiProperty({ type: Number, description: 'Age of the oldest of both, in milliseconds' })
  readonly oldestMs!: number;
}

class PartitionLagDto extends BacklogDto {
  @ApiProperty({ type: Number })
  readonly partition!: number;
}

class LagDto extends BacklogDto {
  @ApiProperty({ type: PartitionLagDto, isArray: true })
  readonly partitions!: PartitionLagDto[];
}

@ApiTags('lag')
@Controller('lag')
export class LagController {
  constructor(private readonly monitor: StreamMonitor) {}

  @Get()
  @ApiOperation({ summary: 'How far the fan-out is behind' })
  @ApiOkResponse({ type: LagDto })
  @ApiProblem('storage-unavailable')
  async lag(): Promise<LagDto> {
    const backlogs = await this.monitor.backlog();
    return {
      partitions: backlogs.map(({ waiting, pending, oldestMs }, partition) => ({
        partition,
        waiting,
        pending,
        oldestMs,
      })),
      waiting: backlogs.reduce((sum, { waiting }) => sum + waiting, 0),
      pending: backlogs.reduce((sum, { pending }) => sum + pending, 0),
      oldestMs: Math.max(...backlogs.map(({ oldestMs }) => oldestMs)),
    };
  }
}
