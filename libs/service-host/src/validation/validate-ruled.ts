import { type Type } from '@nestjs/common';

import { type FieldError } from '../problems/problem-codes.js';
import { type RuledField } from './ruled-fields.js';
import { type UnknownFields, unknownField, type Validated, validated, wrongElements } from './validated.js';

/** Checks an object against the rules of a DTO's fields, and makes an instance of it. */
export function validateRuled<T extends object>(
  dto: Type<T>,
  fields: ReadonlyMap<string, RuledField>,
  value: Readonly<Record<string, unknown>>,
  unknownFields: UnknownFields,
): Validated<T> {
  const instance = new dto();
  const kept = instance as Record<string, unknown>;
  const refused: FieldError[] = [];
  for (const name of Object.keys(value)) {
    const field = fields.get(name);
    if (field !== undefined) {
      kept[name] = field.read === undefined ? value[name] : field.read(value[name]);
    } else if (unknownFields === 'refuse') {
      refused.push(unknownField(name));
    }
  }
  const errors: FieldError[] = [];
  for (const [name, field] of fields) errors.push(...complaints(name, kept[name], field));
  return validated(instance, [...errors, ...refused]);
}

function complaints(name: string, value: unknown, { rule, elements, optional }: RuledField): FieldError[] {
  if (optional && value === undefined) {
    return [];
  }
  const message = rule(value);
  const wrong = elements !== undefined && Array.isArray(value) ? wrongElements(value, elements, name) : [];
  return wrong.length > 0 || message === undefined ? wrong : [{ field: name, message }];
}
