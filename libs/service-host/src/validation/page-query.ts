import { Satisfies } from './decorators.js';
import { integer, text } from './rules.js';

/** Entries of a page when the caller does not say. */
export const DEFAULT_PAGE_LIMIT = 50;
/** Most entries of a page. */
export const MAX_PAGE_LIMIT = 100;

/** A whole number of a query string: decimal digits and nothing else, so that `1e1`, ` 5` and `` are refused. */
export function IsQueryInteger(min: number, max: number, description: string): PropertyDecorator {
  return Satisfies(
    integer(min, max),
    { type: 'integer', minimum: min, maximum: max },
    { optional: true, description },
    { read: (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value) },
  );
}

/** `?limit=&cursor=`. Extend it for endpoints that take more. */
export class PageQuery {
  @IsQueryInteger(1, MAX_PAGE_LIMIT, `Entries of a page, ${DEFAULT_PAGE_LIMIT} unless told`)
  readonly limit: number = DEFAULT_PAGE_LIMIT;

  @Satisfies(
    text(1024),
    { type: String, maxLength: 1024 },
    { optional: true, description: 'nextCursor of the page before' },
  )
  readonly cursor?: string;
}
