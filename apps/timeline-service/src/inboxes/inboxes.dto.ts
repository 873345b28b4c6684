import { ApiProperty } from '@nestjs/swagger';
import { IsPostId, pageOf } from 'service-host';

/** A direct message. */
class DirectMessageDto {
  @ApiProperty({ type: String, pattern: '^\\d{19}$' })
  readonly id!: string;

  @ApiProperty({ type: String })
  readonly from!: string;

  @ApiProperty({ type: String })
  readonly to!: string;

  @ApiProperty({ type: String })
  readonly text!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  readonly createdAt!: string;
}

/** A page of an inbox, and the counts of all of it. */
export class InboxDto extends pageOf(DirectMessageDto) {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer', minimum: 1 },
    description: 'How many unread messages there are of each sender, on this page or another',
    example: { ada: 2 },
  })
  readonly unread!: Readonly<Record<string, number>>;
}

/** How far an inbox was read. */
export class ReadQuery {
  @IsPostId({ description: 'The last message that was read' })
  readonly through!: string;
}
