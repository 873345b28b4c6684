import { type FieldError } from '../problems/problem-codes.js';
import { type Rule } from './rules.js';

/** An object whose fields were checked, or what is wrong with them. */
export type Validated<T> = { value: T; errors?: never } | { value?: never; errors: readonly FieldError[] };

/** What becomes of fields that the DTO does not know. */
export type UnknownFields = 'refuse' | 'drop';

/** The outcome for an object, and for what is wrong with it. */
export function validated<T>(value: T, errors: readonly FieldError[]): Validated<T> {
  return errors.length > 0 ? { errors } : { value };
}

export function unknownField(field: string): FieldError {
  return { field: field.slice(0, 100), message: 'is not a field of this request' };
}

/** Names each element of a list that does not keep to the rule. */
export function wrongElements(list: readonly unknown[], rule: Rule, path: string): FieldError[] {
  return list.flatMap((item, index) => {
    const message = rule(item);
    return message === undefined ? [] : [{ field: `${path}.${index}`, message }];
  });
}
