import { type Type } from '@nestjs/common';

import { invalidField, invalidRequest } from '../problems/problem.exception.js';
import { type Rule } from './rules.js';
import { validate } from './validate.js';
import { type UnknownFields } from './validated.js';

/**
 * A body, checked against its DTO. Unknown fields are refused.
 *
 * @throws ProblemException `invalid-request`
 */
export function checkedBody<T extends object>(dto: Type<T>, body: unknown): T {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidRequest(body === undefined ? 'a body is required' : 'the body must be a JSON object');
  }
  return checked(dto, body, 'refuse');
}

/**
 * The parameters of a query string, checked against their DTO. Unknown ones are dropped.
 *
 * @throws ProblemException `invalid-request`
 */
export function checkedQuery<T extends object>(dto: Type<T>, query: unknown): T {
  return checked(dto, query, 'drop');
}

/**
 * One parameter, held to a rule.
 *
 * @throws ProblemException `invalid-request` that names the parameter
 */
export function checkedParam(name: string, value: unknown, rule: Rule): string {
  const message = rule(value);
  if (message !== undefined) {
    throw invalidField(name, message);
  }
  return value as string;
}

function checked<T extends object>(dto: Type<T>, value: unknown, unknownFields: UnknownFields): T {
  const { value: instance, errors } = validate(dto, value, unknownFields);
  if (errors !== undefined) {
    throw invalidRequest(errors.map(({ field, message }) => `${field} ${message}`).join('; '), errors);
  }
  return instance;
}
