import { type Type } from '@nestjs/common';

import { ruledFields } from './ruled-fields.js';
import { validateDecorated } from './validate-decorated.js';
import { validateRuled } from './validate-ruled.js';
import { type UnknownFields, type Validated } from './validated.js';

/**
 * Checks a plain object against a DTO class, and makes an instance of it. Nothing is converted but what the DTO does
 * itself. The pipe does this to bodies and queries.
 */
export function validate<T extends object>(
  dto: Type<T>,
  value: unknown,
  unknownFields: UnknownFields = 'refuse',
): Validated<T> {
  if (!isPlainObject(value)) {
    return { errors: [{ field: '', message: 'must be a JSON object' }] };
  }
  const fields = ruledFields(dto);
  return fields === undefined
    ? validateDecorated(dto, value, unknownFields)
    : validateRuled(dto, fields, value, unknownFields);
}

/** Query strings have no prototype, hence no look at it. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
