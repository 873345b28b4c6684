/** A progress line of `POST /import`: what has been taken so far. */
export interface ImportCounts {
  readonly lines: number;
  readonly follows: number;
  readonly posts: number;
  readonly messages: number;
  readonly rejected: number;
}

/** A line of the request that was refused. */
export interface ImportRejection {
  readonly line: number;
  readonly error: string;
}

export const NO_COUNTS: ImportCounts = { lines: 0, follows: 0, posts: 0, messages: 0, rejected: 0 };

/**
 * Reads a line of the answer.
 *
 * @throws Error where it is neither progress nor a rejection
 */
export function parseAnswer(line: string): ImportCounts | ImportRejection {
  const value = JSON.parse(line) as Record<string, unknown>;
  if (typeof value.line === 'number' && 'error' in value) {
    return {
      line: value.line,
      error: typeof value.error === 'string' ? value.error : JSON.stringify(value.error),
    };
  }
  if (typeof value.lines === 'number') return { ...NO_COUNTS, ...value };
  throw new Error(`the answer holds a line that is no progress and no rejection: ${line.slice(0, 200)}`);
}

/** Adds up the counts of several requests. */
export function addCounts(a: ImportCounts, b: ImportCounts): ImportCounts {
  return {
    lines: a.lines + b.lines,
    follows: a.follows + b.follows,
    posts: a.posts + b.posts,
    messages: a.messages + b.messages,
    rejected: a.rejected + b.rejected,
  };
}
