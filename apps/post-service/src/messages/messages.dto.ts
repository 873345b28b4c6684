import { ApiProperty } from '@nestjs/swagger';
import { IsText, IsUserId } from 'service-host';

const MAX_TEXT = 10_000;

/** What a user writes to another. */
export class CreateMessageDto {
  @IsUserId()
  readonly from!: string;

  @IsUserId()
  readonly to!: string;

  @IsText(MAX_TEXT)
  readonly text!: string;
}

/** A direct message, as its sender sees it. */
export class SentMessageDto {
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

  @ApiProperty({
    enum: ['live', 'inbox'],
    description: 'Whether the recipient was connected when it was sent',
  })
  readonly delivered!: string;
}
