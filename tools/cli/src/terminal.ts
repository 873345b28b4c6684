/** Where a command writes to, and the clock it goes by; tests give their own. */
export interface Terminal {
  /** Results. */
  readonly print: (line: string) => void;
  /** What went wrong. */
  readonly complain: (line: string) => void;
  /** How far it is. */
  readonly progress: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Milliseconds. */
  readonly now: () => number;
}

/** The terminal of this process: results to stdout, everything else to stderr. */
export function processTerminal(): Terminal {
  return {
    print: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    progress: process.stderr,
    now: () => performance.now(),
  };
}
