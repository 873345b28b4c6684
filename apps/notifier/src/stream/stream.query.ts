import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { IsUserId } from 'service-host';

/** Whom to tell, and from where on. */
export class StreamQuery {
  @IsUserId()
  readonly user!: string;

  /** The id of the last event that the client has: everything since then is sent first. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(100)
  readonly lastEventId?: string;

  /** `1`: an event `position` says where the client is when it begins, and now and then. */
  @ApiPropertyOptional({ enum: ['1'] })
  @IsOptional()
  @IsIn(['1'])
  readonly positions?: '1';
}
