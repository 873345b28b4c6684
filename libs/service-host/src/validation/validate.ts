import { type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';

import { type FieldError } from '../problems/problem-codes.js';
import { RULE_CONSTRAINT, type RuleContext } from './decorators.js';

/** An object whose fields were checked, or what is wrong with them. */
export type Validated<T> = { value: T; errors?: never } | { value?: never; errors: readonly FieldError[] };

/** What becomes of fields that the DTO does not know. */
export type UnknownFields = 'refuse' | 'drop';

/**
 * Checks a plain object against a DTO class with class-validator decorators, and makes an instance of it. Nothing is
 * converted but what the DTO transforms itself. The pipe does this to bodies; the import does it to its lines.
 */
export function validate<T extends object>(
  dto: Type<T>,
  value: unknown,
  unknownFields: UnknownFields = 'refuse',
): Validated<T> {
  if (!isPlainObject(value)) {
    return { errors: [{ field: '', message: 'must be a JSON object' }] };
  }
  const { known, unknown } = partition(dto, value);
  const instance = plainToInstance(dto, known, { enableImplicitConversion: false });
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    stopAtFirstError: true,
  }).flatMap((error) => fieldErrors(error, ''));
  const refused = unknownFields === 'refuse' ? unknown.map(unknownField) : [];
  return errors.length + refused.length > 0 ? { errors: [...errors, ...refused] } : { value: instance };
}

/** Query strings have no prototype, hence no look at it. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Not left to class-validator, which takes names such as `constructor` for known ones. */
function partition(
  dto: Type,
  value: Record<string, unknown>,
): { known: Record<string, unknown>; unknown: string[] } {
  const names = knownFields(dto);
  const keys = Object.keys(value);
  return {
    known: Object.fromEntries(keys.filter((key) => names.has(key)).map((key) => [key, value[key]])),
    unknown: keys.filter((key) => !names.has(key)),
  };
}

const knownFieldsOf = new WeakMap<Type, ReadonlySet<string>>();

function knownFields(dto: Type): ReadonlySet<string> {
  let names = knownFieldsOf.get(dto);
  if (names === undefined) {
    const metadata = getMetadataStorage().getTargetValidationMetadatas(dto, '', true, false);
    names = new Set(metadata.map(({ propertyName }) => propertyName));
    knownFieldsOf.set(dto, names);
  }
  return names;
}

function unknownField(field: string): FieldError {
  return { field: field.slice(0, 100), message: 'is not a field of this request' };
}

/** A nested error names the way to its field; of a list of simple values, each wrong element is named. */
function fieldErrors(error: ValidationError, parent: string): FieldError[] {
  const path = parent === '' ? error.property : `${parent}.${error.property}`;
  const nested = (error.children ?? []).flatMap((child) => fieldErrors(child, path));
  const elements = elementErrors(error, path);
  if (elements.length > 0) {
    return [...elements, ...nested];
  }
  const own = Object.entries(error.constraints ?? {}).map(([name, message]) =>
    name === 'whitelistValidation' ? unknownField(path) : { field: path, message },
  );
  return [...own, ...nested];
}

function elementErrors(error: ValidationError, path: string): FieldError[] {
  const { elements } = (error.contexts?.[RULE_CONSTRAINT] ?? {}) as RuleContext;
  const value: unknown = error.value;
  if (elements === undefined || !Array.isArray(value)) {
    return [];
  }
  return value.flatMap((item: unknown, index) => {
    const message = elements(item);
    return message === undefined ? [] : [{ field: `${path}.${index}`, message }];
  });
}
