import { type Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';

/** Describes a page of something in the OpenAPI document. */
export function pageOf<T>(
  item: Type<T> | StringConstructor,
): Type<{ items: readonly T[]; nextCursor: string | null }> {
  class PageDto {
    @ApiProperty({ type: item, isArray: true })
    readonly items!: readonly T[];

    @ApiProperty({ type: String, nullable: true, description: 'null at the end' })
    readonly nextCursor!: string | null;
  }
  return PageDto;
}
