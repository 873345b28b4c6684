import { type Setting } from './settings.js';

/** What every reader takes. A setting without a default is required. */
export interface ReaderOptions<T> {
  default?: T;
}

function setting<T>(
  name: string,
  { default: value }: ReaderOptions<T>,
  rest: { allowed: string; parse: (text: string) => T | undefined; secret?: boolean },
): Setting<T> {
  return { secret: false, ...rest, name, fallback: value === undefined ? undefined : { value } };
}

/** Text of 1 to `maxLength` characters, white space around it removed. */
export function string(
  name: string,
  options: ReaderOptions<string> & {
    maxLength?: number;
    pattern?: RegExp;
    allowed?: string;
    secret?: boolean;
  } = {},
): Setting<string> {
  const { maxLength = 4096, pattern, secret = false } = options;
  const matches = (text: string): boolean => text.length <= maxLength && (pattern?.test(text) ?? true);
  const shape = pattern === undefined ? 'must be text' : `must match ${String(pattern)}`;
  return setting(name, options, {
    secret,
    allowed: options.allowed ?? `${shape} of at most ${maxLength} characters`,
    parse: (text) => (matches(text) ? text : undefined),
  });
}

/** Options of {@link int}. */
export interface IntOptions extends ReaderOptions<number> {
  min?: number;
  max?: number;
  /** Words that stand for a number: `{ unlimited: Infinity }`. */
  words?: Readonly<Record<string, number>>;
}

/** A decimal integer from `min` (default 0) to `max` (default 2^53 - 1). */
export function int(name: string, options: IntOptions = {}): Setting<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER, words = {} } = options;
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  const alternatives = Object.keys(words).map((word) => ` or ${word}`);
  return setting(name, options, {
    allowed: `must be an integer ${range}${alternatives.join('')}`,
    parse: (text) => {
      const value = words[text] ?? (/^-?\d+$/.test(text) ? Number(text) : Number.NaN);
      const isWord = Object.hasOwn(words, text);
      return isWord || (value >= min && value <= max) ? value : undefined;
    },
  });
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  on: true,
  yes: true,
  false: false,
  '0': false,
  off: false,
  no: false,
};

/** `true`, `1`, `on`, `yes`, or `false`, `0`, `off`, `no`. */
export function bool(name: string, options: ReaderOptions<boolean> = {}): Setting<boolean> {
  return setting(name, options, {
    allowed: 'must be true or false',
    parse: (text) => (Object.hasOwn(BOOLEANS, text.toLowerCase()) ? BOOLEANS[text.toLowerCase()] : undefined),
  });
}

/** One of `values`. */
export function oneOf<const T extends string>(
  name: string,
  values: readonly T[],
  options: ReaderOptions<NoInfer<T>> = {},
): Setting<T> {
  return setting<T>(name, options, {
    allowed: `must be one of ${values.join(', ')}`,
    parse: (text) => values.find((value) => value === text),
  });
}

/** An absolute URL with one of `protocols` (`http:`). It may hold a password: messages do not repeat it. */
export function url(
  name: string,
  options: ReaderOptions<string> & { protocols?: readonly string[] } = {},
): Setting<string> {
  const { protocols = ['http:', 'https:'] } = options;
  return setting(name, options, {
    secret: true,
    allowed: `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    parse: (text) => (hasProtocol(text, protocols) ? text : undefined),
  });
}

/**
 * Where Redis is: one `redis://` or `rediss://` URL, or several `redis://` URLs parted by commas, the seeds of a
 * cluster. Always a list; more than one URL means a cluster.
 */
export function redisUrls(
  name: string,
  options: ReaderOptions<readonly string[]> = {},
): Setting<readonly string[]> {
  return setting<readonly string[]>(name, options, {
    secret: true,
    allowed: 'must be one redis:// or rediss:// URL, or several redis:// URLs parted by commas',
    parse: (text) => {
      const urls = text.split(',').map((part) => part.trim());
      const protocols = urls.length === 1 ? ['redis:', 'rediss:'] : ['redis:'];
      return urls.every((part) => hasProtocol(part, protocols)) ? urls : undefined;
    },
  });
}

function hasProtocol(text: string, protocols: readonly string[]): boolean {
  if (!URL.canParse(text)) {
    return false;
  }
  const { protocol, hostname } = new URL(text);
  return protocols.includes(protocol) && hostname !== '';
}
