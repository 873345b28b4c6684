import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ValidateBy, ValidateIf } from 'class-validator';

import { noteRuledField, RULE_CONSTRAINT, type RuleContext } from './ruled-fields.js';
import {
  httpUrl,
  integer,
  list,
  POST_ID_PATTERN,
  postId,
  type Rule,
  text,
  USER_ID_PATTERN,
  userId,
} from './rules.js';

/** What every field decorator takes. */
export interface FieldOptions {
  /** Whether the field may be absent. `null` is a value all the same, and refused. */
  optional?: boolean;
  description?: string;
}

/** What a field is held to, beside the rule for the whole of it. */
export interface FieldRules {
  /** The rule of a list's elements. */
  elements?: Rule;
  /** Makes what is checked, and kept, of what was sent: the number that a query says in digits. */
  read?: (value: unknown) => unknown;
}

/**
 * Holds a property of a DTO to a rule, and describes it in the OpenAPI document. The decorators below are made of it.
 *
 * A DTO that has only such properties is checked by their rules alone (`validate`), which takes a tenth of the time:
 * decorators of class-transformer do nothing there.
 */
export function Satisfies(
  rule: Rule,
  schema: ApiPropertyOptions,
  options: FieldOptions = {},
  { elements, read }: FieldRules = {},
): PropertyDecorator {
  const { optional = false, description } = options;
  const context: RuleContext = elements === undefined ? {} : { elements };
  const validate = ValidateBy(
    {
      name: RULE_CONSTRAINT,
      validator: {
        validate: (value: unknown) => complaint(value, rule, elements) === undefined,
        defaultMessage: (args) => complaint(args?.value, rule, elements) ?? 'is not valid',
      },
    },
    { context },
  );
  const described = { ...schema, required: !optional, ...(description !== undefined && { description }) };
  const documented = ApiProperty(described as ApiPropertyOptions);
  const when = ValidateIf((_object, value: unknown) => !optional || value !== undefined);
  const note: PropertyDecorator = (prototype, name) => {
    noteRuledField(prototype, String(name), { rule, elements, optional, read });
  };
  const transform = read === undefined ? [] : [Transform(({ value }: { value: unknown }) => read(value))];
  return applyDecorators(documented, validate, when, note, ...transform);
}

function complaint(value: unknown, rule: Rule, elements?: Rule): string | undefined {
  const own = rule(value);
  if (own !== undefined || elements === undefined || !Array.isArray(value)) {
    return own;
  }
  return value.map((item: unknown) => elements(item)).find((message) => message !== undefined);
}

/** The id of a user. */
export function IsUserId(options?: FieldOptions): PropertyDecorator {
  return Satisfies(userId, { type: String, pattern: USER_ID_PATTERN, example: 'ada' }, options);
}

/** The id of a post or message. */
export function IsPostId(options?: FieldOptions): PropertyDecorator {
  const example = '1234567890123456789';
  return Satisfies(postId, { type: String, pattern: POST_ID_PATTERN, example }, options);
}

/** Text of 1 to `max` code points, without U+0000 and lone surrogates, kept exactly as sent. */
export function IsText(max: number, options?: FieldOptions): PropertyDecorator {
  return Satisfies(text(max), { type: String, minLength: 1, maxLength: max }, options);
}

/** An absolute http(s) URL. */
export function IsHttpUrl(options?: FieldOptions): PropertyDecorator {
  return Satisfies(httpUrl, { type: String, format: 'uri' }, options);
}

/** A whole number from `min` to `max`. A body has to have it as a number; a query is to be transformed first. */
export function IsInteger(min: number, max: number, options?: FieldOptions): PropertyDecorator {
  return Satisfies(integer(min, max), { type: 'integer', minimum: min, maximum: max }, options);
}

/** A list of at most `max` absolute http(s) URLs; the wrong ones are named `attachments.3`. */
export function IsHttpUrlList(max: number, options?: FieldOptions): PropertyDecorator {
  const schema: ApiPropertyOptions = {
    type: 'array',
    items: { type: 'string', format: 'uri' },
    maxItems: max,
  };
  return Satisfies(list(max), schema, options, { elements: httpUrl });
}
