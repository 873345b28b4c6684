import { parseArgs } from 'node:util';

import { isUserId } from 'redis-fanout';

import { orUsageError, UsageError, wholeNumber } from '../arguments.js';

export interface AuditCommand {
  readonly redisUrl: string;
  /** Whose timelines; a number for so many of those that are kept, drawn at random. */
  readonly readers: readonly string[] | number;
  readonly repair: boolean;
}

export const AUDIT_HELP = `Usage: npm run audit -- --user NAME[,NAME...] | --sample N [--repair]

Holds timelines of the running system, as they lie in its Redis, to the authors' own lists, and tells what is wrong:
holes (posts that should be there), doubles, strangers (what should not be there), and what is out of order.

  --user NAME[,NAME...]  whose timelines; may be given several times
  --sample N             N of the timelines that are there, drawn at random; walks through all keys
  --repair               drops damaged timelines, to be built anew when they are read next, and empties damaged lists of
                         authors with many followers, which fill again; without it nothing is written
  --help                 shows this

REDIS_URL says where Redis is: redis://..., rediss://..., or several redis:// seeds of a cluster, parted by commas.
The exit code is 1 where something was found and not repaired.`;

/**
 * Reads the command line and `REDIS_URL`; `help` where that is what was asked for.
 *
 * @throws UsageError
 */
export function parseAuditOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): AuditCommand | 'help' {
  const { values } = orUsageError(() => parseArgs({ ...SYNTAX, args: [...argv] }));
  if (values.help) return 'help';
  const sample = wholeNumber('sample', values.sample);
  if ((values.user === undefined) === (sample === undefined)) {
    throw new UsageError('either --user or --sample says whose timelines');
  }
  if (!env.REDIS_URL) throw new UsageError('REDIS_URL has to say where Redis is');
  return {
    redisUrl: env.REDIS_URL,
    readers: sample ?? (values.user ?? []).flatMap((names) => names.split(',')).map(userId),
    repair: values.repair,
  };
}

const SYNTAX = {
  options: {
    user: { type: 'string', multiple: true },
    sample: { type: 'string' },
    repair: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
} as const;

function userId(text: string): string {
  if (!isUserId(text))
    throw new UsageError(`--user takes names of 1 to 64 of A-Z a-z 0-9 _ -, not "${text}"`);
  return text;
}
