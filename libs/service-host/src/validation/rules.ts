/** Says what is wrong with a value, as the end of a sentence that begins with its name; undefined where nothing is. */
export type Rule = (value: unknown) => string | undefined;

/** What the contract lets a user's id look like. */
export const USER_ID_PATTERN = '^[A-Za-z0-9_-]{1,64}$';
/** What the contract lets a post's id look like. */
export const POST_ID_PATTERN = '^[0-9]{19}$';

const userIdRegExp = new RegExp(USER_ID_PATTERN);
const postIdRegExp = new RegExp(POST_ID_PATTERN);

/** With the `u` flag a surrogate matches only where it has no partner. */
const LONE_SURROGATE = /\p{Cs}/u;

const REQUIRED = 'is required';

/** The id of a user: 1 to 64 of `A-Z a-z 0-9 _ -`. */
export const userId: Rule = (value) =>
  matching(value, userIdRegExp, 'must be 1 to 64 characters of A-Z a-z 0-9 _ -');

/** The id of a post or message: 19 decimal digits, as text. */
export const postId: Rule = (value) => matching(value, postIdRegExp, 'must be a string of 19 digits');

function matching(value: unknown, pattern: RegExp, message: string): string | undefined {
  if (value === undefined) {
    return REQUIRED;
  }
  return typeof value === 'string' && pattern.test(value) ? undefined : message;
}

/** Text of 1 to `max` code points, kept exactly: no U+0000 and no lone surrogates, which storage would change. */
export function text(max: number): Rule {
  return (value) => {
    if (value === undefined) {
      return REQUIRED;
    }
    if (typeof value !== 'string') {
      return 'must be a string';
    }
    if (value.length === 0 || isLonger(value, max)) {
      return `must have 1 to ${max} characters`;
    }
    return unstorable(value);
  };
}

function unstorable(value: string): string | undefined {
  if (value.includes('\u0000')) {
    return 'must not contain U+0000';
  }
  return LONE_SURROGATE.test(value) ? 'must not contain lone surrogates' : undefined;
}

/** Counts code points only where the count of UTF-16 units, at most twice as many, leaves a doubt. */
function isLonger(value: string, max: number): boolean {
  if (value.length <= max) {
    return false;
  }
  if (value.length > 2 * max) {
    return true;
  }
  return Array.from(value).length > max;
}

/** An absolute `http:` or `https:` URL, written as one: the parser alone would forgive white space and more. */
export const httpUrl: Rule = (value) => {
  const message = 'must be an absolute http or https URL';
  if (typeof value !== 'string' || !/^https?:\/\/[^/?#\s][^\s\p{Cc}]*$/iu.test(value)) {
    return message;
  }
  return unstorable(value) ?? (URL.canParse(value) ? undefined : message);
};

/** A whole number from `min` to `max`, as a number. */
export function integer(min: number, max: number): Rule {
  return (value) => {
    if (value === undefined) {
      return REQUIRED;
    }
    const fits = Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
    return fits ? undefined : `must be an integer from ${min} to ${max}`;
  };
}

/** A list of at most `max` elements. The elements have a rule of their own. */
export function list(max: number): Rule {
  return (value) => {
    if (value === undefined) {
      return REQUIRED;
    }
    return Array.isArray(value) && value.length <= max ? undefined : `must be a list of at most ${max}`;
  };
}
