import { type Type } from '@nestjs/common';
import { getMetadataStorage, ValidationTypes } from 'class-validator';

import { type Rule } from './rules.js';

/** The name of the constraint that `Satisfies` registers; its context carries the rule of a list's elements. */
export const RULE_CONSTRAINT = 'rule';

/** What a failed constraint knows besides its message. */
export interface RuleContext {
  elements?: Rule;
}

/** A field of a DTO, with what `Satisfies` was told of it. */
export interface RuledField {
  readonly rule: Rule;
  /** The rule of a list's elements. */
  readonly elements: Rule | undefined;
  /** Whether it may be absent. */
  readonly optional: boolean;
  /** Makes what is checked, and kept, of what was sent. */
  readonly read: ((value: unknown) => unknown) | undefined;
}

const fieldsOf = new WeakMap<object, Map<string, RuledField>>();

/** Notes a field of the class that a prototype belongs to. */
export function noteRuledField(prototype: object, name: string, field: RuledField): void {
  const fields = fieldsOf.get(prototype);
  if (fields === undefined) fieldsOf.set(prototype, new Map([[name, field]]));
  else fields.set(name, field);
}

const ruledFieldsOf = new WeakMap<Type, ReadonlyMap<string, RuledField> | null>();

/**
 * The fields of a DTO, those that it inherits included, where rules are all that they are held to; undefined where
 * other decorators of class-validator have a say.
 */
export function ruledFields(dto: Type): ReadonlyMap<string, RuledField> | undefined {
  let fields = ruledFieldsOf.get(dto);
  if (fields === undefined) {
    fields = hasOtherDecorators(dto) ? null : collectFields(dto);
    ruledFieldsOf.set(dto, fields);
  }
  return fields ?? undefined;
}

function collectFields(dto: Type): Map<string, RuledField> {
  const fields = new Map<string, RuledField>();
  let prototype = dto.prototype as object | null;
  for (; prototype !== null; prototype = Object.getPrototypeOf(prototype) as object | null) {
    for (const [name, field] of fieldsOf.get(prototype) ?? []) {
      if (!fields.has(name)) fields.set(name, field);
    }
  }
  return fields;
}

function hasOtherDecorators(dto: Type): boolean {
  return getMetadataStorage()
    .getTargetValidationMetadatas(dto, '', true, false)
    .some(({ type, name }) => name !== RULE_CONSTRAINT && type !== ValidationTypes.CONDITIONAL_VALIDATION);
}
