import { parseArgs } from 'node:util';

import { httpUrl, inputFiles, orUsageError, UsageError, wholeNumber } from '../arguments.js';
import { inputFormat } from '../import/options.js';
import { type InputFormat } from '../input/line.js';

export interface CompareCommand {
  readonly files: readonly string[];
  readonly as: InputFormat | undefined;
  readonly lines: number | undefined;
  readonly readers: number;
  readonly seed: number;
  readonly limits: readonly number[];
  readonly partitions: number;
  readonly timelineUrl: string;
  readonly workerUrl: string;
  readonly wait: boolean;
}

export const COMPARE_HELP = `Usage: npm run compare -- [options] FILE...

Reads the files that were imported (into a system that held nothing else), builds a plain in-memory model of them, and
compares whole timelines of the running system with it, page by page.

  --readers N          whose timelines: a third follows the most, a third the fewest, a third random (default 300)
  --seed N             chooses the random third (default 1)
  --limit N[,N...]     page sizes, taken in turn (default 100,50,7)
  --partitions N       partitions of the system; they order posts of the same millisecond (default 8)
  --timeline-url URL   where timeline-service is (default http://127.0.0.1:3002)
  --worker-url URL     where fanout-worker is (default http://127.0.0.1:3004)
  --no-wait            does not wait until everything is delivered
  --as FORMAT          as for import
  --lines N            only the first N lines of each file, as import's --limit
  --help               shows this

The exit code is 1 where anything differs.`;

/**
 * Reads the command line; `help` where that is what was asked for.
 *
 * @throws UsageError
 */
export function parseCompareOptions(argv: readonly string[]): CompareCommand | 'help' {
  const { values, positionals } = orUsageError(() => parseArgs({ ...SYNTAX, args: [...argv] }));
  if (values.help) return 'help';
  return {
    files: inputFiles(positionals),
    as: inputFormat(values.as),
    lines: wholeNumber('lines', values.lines),
    readers: wholeNumber('readers', values.readers) ?? 300,
    seed: wholeNumber('seed', values.seed, 0) ?? 1,
    limits: values.limit.split(',').map(pageSize),
    partitions: wholeNumber('partitions', values.partitions) ?? 8,
    timelineUrl: httpUrl('timeline-url', values['timeline-url']),
    workerUrl: httpUrl('worker-url', values['worker-url']),
    wait: !values['no-wait'],
  };
}

const SYNTAX = {
  allowPositionals: true,
  options: {
    as: { type: 'string' },
    lines: { type: 'string' },
    readers: { type: 'string' },
    seed: { type: 'string' },
    limit: { type: 'string', default: '100,50,7' },
    partitions: { type: 'string' },
    'timeline-url': { type: 'string', default: 'http://127.0.0.1:3002' },
    'worker-url': { type: 'string', default: 'http://127.0.0.1:3004' },
    'no-wait': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
} as const;

function pageSize(text: string): number {
  const size = wholeNumber('limit', text);
  if (size === undefined || size > 100) throw new UsageError('--limit takes page sizes from 1 to 100');
  return size;
}
