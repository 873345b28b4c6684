import { ApiProperty } from '@nestjs/swagger';
import { IsHttpUrlList, IsText, IsUserId } from 'service-host';

const MAX_TEXT = 10_000;
const MAX_ATTACHMENTS = 16;

/** What an author publishes. */
export class CreatePostDto {
  @IsUserId()
  readonly author!: string;

  @IsText(MAX_TEXT)
  readonly text!: string;

  @IsHttpUrlList(MAX_ATTACHMENTS, { optional: true })
  readonly attachments?: readonly string[];
}

/** The new text of a post, and who says so. */
export class EditPostDto {
  @IsUserId()
  readonly author!: string;

  @IsText(MAX_TEXT)
  readonly text!: string;
}

/** Who deletes a post. */
export class DeletePostQuery {
  @IsUserId()
  readonly author!: string;
}

/** What the delivery of a post came to so far. */
export class DeliveryDto {
  @ApiProperty({ enum: ['queued', 'delivering', 'delivered'] })
  readonly state!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  readonly acceptedAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly deliveredAt!: string | null;

  @ApiProperty({ type: Number, description: 'Timelines that hold the post' })
  readonly pushed!: number;

  @ApiProperty({ type: Number, description: 'Followers who have no live timeline' })
  readonly skippedInactive!: number;

  @ApiProperty({ type: Number, description: "Followers whose pages get the post from the author's list" })
  readonly leftToPull!: number;
}
