import { ApiProperty } from '@nestjs/swagger';

import { pageOf } from './page.dto.js';

/** A post, as every service shows it. */
export class PostDto {
  @ApiProperty({ type: String, pattern: '^\\d{19}$' })
  readonly id!: string;

  @ApiProperty({ type: String })
  readonly author!: string;

  @ApiProperty({ type: String })
  readonly text!: string;

  @ApiProperty({ type: String, format: 'uri', isArray: true })
  readonly attachments!: readonly string[];

  @ApiProperty({ type: String, format: 'date-time' })
  readonly createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly editedAt!: string | null;
}

/** A page of posts. */
export class PostPageDto extends pageOf(PostDto) {}
