import { type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';

import { type FieldError } from '../problems/problem-codes.js';
import { RULE_CONSTRAINT, type RuleContext } from './ruled-fields.js';
import { type UnknownFields, unknownField, type Validated, validated, wrongElements } from './validated.js';

/** Checks an object against a DTO that has decorators of class-validator, and of class-transformer. */
export function validateDecorated<T extends object>(
  dto: Type<T>,
  value: Readonly<Record<string, unknown>>,
  unknownFields: UnknownFields,
): Validated<T> {
  const { known, unknown } = partition(dto, value);
  const instance = plainToInstance(dto, known, { enableImplicitConversion: false });
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    stopAtFirstError: true,
  }).flatMap((error) => fieldErrors(error, ''));
  const refused = unknownFields === 'refuse' ? unknown.map(unknownField) : [];
  return validated(instance, [...errors, ...refused]);
}

/** Not left to class-validator, which takes names such as `constructor` for known ones. */
function partition(
  dto: Type,
  value: Readonly<Record<string, unknown>>,
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
  return wrongElements(value, elements, path);
}
