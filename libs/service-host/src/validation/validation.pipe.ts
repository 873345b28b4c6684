import { type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';

import { checkedBody, checkedQuery } from './checked.js';

const BUILT_IN: readonly unknown[] = [String, Number, Boolean, Array, Object, Date];

/**
 * The global pipe: checks bodies, and queries that are taken as a whole, against the class that the handler declares.
 * Unknown fields of a body are refused; unknown parameters of a query are dropped.
 */
export class ValidationPipe implements PipeTransform {
  transform(value: unknown, { type, metatype, data }: ArgumentMetadata): unknown {
    if ((type !== 'body' && type !== 'query') || !isDto(metatype) || data !== undefined) {
      return value;
    }
    return type === 'body' ? checkedBody(metatype, value) : checkedQuery(metatype, value);
  }
}

function isDto(metatype: Type<unknown> | undefined): metatype is Type<object> {
  return metatype !== undefined && !BUILT_IN.includes(metatype);
}
