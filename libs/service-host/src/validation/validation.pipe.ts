import { type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';

import { invalidRequest } from '../problems/problem.exception.js';
import { validate } from './validate.js';

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
    if (type === 'body' && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      throw invalidRequest(value === undefined ? 'a body is required' : 'the body must be a JSON object');
    }
    const { value: instance, errors } = validate(metatype, value, type === 'body' ? 'refuse' : 'drop');
    if (errors !== undefined) {
      throw invalidRequest(errors.map(({ field, message }) => `${field} ${message}`).join('; '), errors);
    }
    return instance;
  }
}

function isDto(metatype: Type<unknown> | undefined): metatype is Type<object> {
  return metatype !== undefined && !BUILT_IN.includes(metatype);
}
