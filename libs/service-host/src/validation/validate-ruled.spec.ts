import { type Type } from '@nestjs/common';
import { IsOptional, IsString } from 'class-validator';

import { IsHttpUrlList, IsText, IsUserId } from './decorators.js';
import { PageQuery } from './page-query.js';
import { ruledFields } from './ruled-fields.js';
import { validate } from './validate.js';
import { validateDecorated } from './validate-decorated.js';
import { validateRuled } from './validate-ruled.js';

class Draft {
  @IsUserId()
  readonly author!: string;

  @IsText(5)
  readonly text!: string;

  @IsHttpUrlList(2, { optional: true })
  readonly urls?: string[];
}

/** Has a field that it inherits, with a default and in digits, and one that it holds to another rule. */
class Query extends PageQuery {
  @IsText(3, { optional: true })
  declare readonly cursor?: string;

  @IsUserId({ optional: true })
  readonly user?: string;
}

class Mixed {
  @IsUserId()
  readonly user!: string;

  @IsOptional()
  @IsString()
  readonly other?: string;
}

const DRAFTS: Record<string, unknown>[] = [
  { author: 'ada', text: 'hello' },
  { text: 'hello!' },
  {},
  { author: null, text: null, urls: null },
  { author: 1, text: ['a'], urls: 'http://a' },
  { author: 'ada', text: 'a', urls: [] },
  { author: 'ada', text: 'a', urls: ['http://a', 'b', 3] },
  { author: 'ada', text: 'a', urls: ['http://a', 'http://b', 'http://c'] },
  { author: 'ada', text: 'a', urls: ['http://a', 'http://b', 'c'] },
  { author: 'ada', text: 'a', extra: 1, constructor: 2, toString: 3 },
  { author: 'a b', text: '', extra: 1 },
  { author: 'ada', text: 'a', urls: undefined },
];

const QUERIES: Record<string, unknown>[] = [
  {},
  { limit: '5' },
  { limit: '0' },
  { limit: '1e1' },
  { limit: '', cursor: '' },
  { limit: '7', cursor: 'long', user: 'ada' },
  { cursor: 'abc', unknown: 'x' },
];

/** The order in which what is wrong is told says nothing. */
function sorted({ value, errors }: ReturnType<typeof validate>): unknown {
  const told = errors?.map(({ field, message }) => `${field}: ${message}`).sort();
  return { value, told };
}

const CASES: readonly (readonly [Type<object>, Record<string, unknown>])[] = [
  ...DRAFTS.map((value) => [Draft, value] as const),
  ...QUERIES.map((value) => [Query, value] as const),
];

describe.each(['refuse', 'drop'] as const)(
  'checking by rules alone, where unknown fields are: %s',
  (unknown) => {
    it.each(CASES)('comes to what class-validator comes to: %p %p', (dto, value) => {
      const fields = ruledFields(dto);
      expect(fields).toBeDefined();
      const ruled = validateRuled(dto, fields!, value, unknown);
      expect(sorted(ruled)).toEqual(sorted(validateDecorated(dto, value, unknown)));
    });
  },
);

describe('ruledFields', () => {
  it('are those of a class and of what it extends, which it may hold to other rules', () => {
    expect([...(ruledFields(Query)?.keys() ?? [])].sort()).toEqual(['cursor', 'limit', 'user']);
    expect(validate(Query, { cursor: 'abc' }).value).toEqual(Object.assign(new Query(), { cursor: 'abc' }));
    expect(validate(Query, { cursor: 'abcd' }).errors).toHaveLength(1);
    expect(validate(PageQuery, { cursor: 'abcd' }).errors).toBeUndefined();
  });

  it('are none where other decorators have a say, which is heard', () => {
    expect(ruledFields(Mixed)).toBeUndefined();
    expect(validate(Mixed, { user: 'ada', other: 1 }).errors).toHaveLength(1);
  });
});
