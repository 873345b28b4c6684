import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** A command line that cannot be understood; its message is all that need be shown. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads a whole number of at least `least`, or undefined where none is given. */
export function wholeNumber(name: string, text: string | undefined, least = 1): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`--${name} takes a whole number of at least ${least}, not "${text}"`);
  }
  return value;
}

/** Checks an http(s) URL. */
export function httpUrl(name: string, text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new UsageError(`--${name} takes an http(s) URL, not "${text}"`);
  }
  return text;
}

/**
 * Finds the files of a command line. npm runs scripts in the folder of package.json, and says in `INIT_CWD` where the
 * user stood; that is where relative paths start.
 */
export function inputFiles(names: readonly string[], from = process.env.INIT_CWD ?? process.cwd()): string[] {
  if (names.length === 0) throw new UsageError('no file is given');
  return names.map((name) => {
    const file = [resolve(from, name), resolve(name)].find((each) => existsSync(each));
    if (file === undefined) throw new UsageError(`there is no file ${name}`);
    return file;
  });
}

/** What `parseArgs` throws at a bad command line, as ours. */
export function orUsageError<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code?.startsWith('ERR_PARSE_ARGS') ? new UsageError(message, { cause: error }) : error;
  }
}
