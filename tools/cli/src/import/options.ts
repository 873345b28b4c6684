import { parseArgs } from 'node:util';

import { httpUrl, inputFiles, orUsageError, UsageError, wholeNumber } from '../arguments.js';
import { type InputFormat } from '../input/line.js';

export interface ImportOptions {
  readonly files: readonly string[];
  readonly url: string;
  readonly as: InputFormat | undefined;
  readonly limit: number | undefined;
  readonly quiet: boolean;
}

export const IMPORT_HELP = `Usage: npm run import -- [options] FILE...

Sends follow graphs and event logs to post-service, in the given order. Files are plain or gzip:
  a b [weight]               a follows b
  from to unixSeconds [kind] from posts at that second
  {"follow": ...}            NDJSON, as POST /import takes it
Columns are parted by white space or commas. Blank lines, lines that begin with # and a closing \`end\` are
skipped, and so are edges from somebody to themselves. A third column of at least 10^8 is taken for a time.

  --as follows|posts|ndjson  takes the files for this, whatever their first line looks like
  --url URL                  where post-service is (default http://127.0.0.1:3001)
  --limit N                  only the first N lines of each file
  --quiet                    shows no progress
  --help                     shows this

Running it again is safe: the same follow, or a post with the same author, time and text, is stored once.
The exit code is 1 where the import broke off or a line was rejected.`;

const FORMATS: readonly string[] = ['follows', 'posts', 'ndjson'] satisfies InputFormat[];

/**
 * Reads the command line; `help` where that is what was asked for.
 *
 * @throws UsageError
 */
export function parseImportOptions(argv: readonly string[]): ImportOptions | 'help' {
  const { values, positionals } = orUsageError(() =>
    parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        as: { type: 'string' },
        url: { type: 'string', default: 'http://127.0.0.1:3001' },
        limit: { type: 'string' },
        quiet: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }),
  );
  if (values.help) return 'help';
  return {
    files: inputFiles(positionals),
    url: httpUrl('url', values.url),
    as: inputFormat(values.as),
    limit: wholeNumber('limit', values.limit),
    quiet: values.quiet,
  };
}

/** Checks the value of `--as`. */
export function inputFormat(text: string | undefined): InputFormat | undefined {
  if (text === undefined) return undefined;
  if (!FORMATS.includes(text)) throw new UsageError(`--as takes ${FORMATS.join(', ')}, not "${text}"`);
  return text as InputFormat;
}
