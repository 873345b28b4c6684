/** Is told how far it is. */
export type Say = (line: string) => void;

/** Where a command says things. */
export interface Terminal {
  /** Results. */
  readonly print: (line: string) => void;
  /** How far it is, and what went wrong. */
  readonly complain: Say;
}

export const PROCESS_TERMINAL: Terminal = {
  print: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
};

/** The arguments make no sense; the message says why. */
export class UsageError extends Error {}

/** Runs a command. Resolves with its exit code: what it answers, 1 where it failed, 2 for bad usage. */
export async function runCommand(
  name: string,
  { complain }: Terminal,
  run: () => Promise<number>,
): Promise<number> {
  try {
    return await run();
  } catch (error) {
    const isUsage = isBadUsage(error);
    complain(`${name}: ${describe(error)}${isUsage ? ' (--help says more)' : ''}`);
    return isUsage ? 2 : 1;
  }
}

function isBadUsage(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return error instanceof UsageError || code.startsWith('ERR_PARSE_ARGS');
}

function describe(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
