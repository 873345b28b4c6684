import { ApiProperty } from '@nestjs/swagger';
import { pageOf } from 'service-host';

/** A page of users. */
export class UserPageDto extends pageOf(String) {}

/** How many posts, followers and authors followed a user has. */
export class UserDto {
  @ApiProperty({ type: String })
  readonly user!: string;

  @ApiProperty({ type: Number })
  readonly posts!: number;

  @ApiProperty({ type: Number })
  readonly followers!: number;

  @ApiProperty({ type: Number })
  readonly following!: number;
}
