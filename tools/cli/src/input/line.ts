/** A line of `POST /import`: somebody follows somebody, somebody posts, somebody writes to somebody. */
export type ImportLine =
  | { readonly follow: readonly [reader: string, author: string] }
  | { readonly post: ImportPost }
  | { readonly message: { readonly from: string; readonly to: string; readonly text: string } };

export interface ImportPost {
  readonly author: string;
  readonly text: string;
  /** When it was posted, ISO 8601 UTC. With it the same line imported again is the same post. */
  readonly at?: string;
}

/** What a file holds: NDJSON as it goes over the wire, `a b [weight]` edges, or a log of `from to seconds [kind]`. */
export type InputFormat = 'ndjson' | 'follows' | 'posts';

/** What became of one line of a file. */
export type ParsedLine =
  | { readonly kind: 'send'; readonly json: string }
  | { readonly kind: 'skip' }
  /** Edge lists hold self-loops, and nobody can follow themselves: left out, and counted. */
  | { readonly kind: 'self' }
  | { readonly kind: 'bad'; readonly error: string };

/** Reads a line as it goes over the wire; undefined where it is none that the system takes. */
export function readImportLine(json: string): ImportLine | undefined {
  let line: unknown;
  try {
    line = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof line !== 'object' || line === null || Object.keys(line).length !== 1) return undefined;
  return isFollow(line) || isPost(line) || 'message' in line ? (line as ImportLine) : undefined;
}

function isFollow(line: object): boolean {
  if (!('follow' in line) || !Array.isArray(line.follow)) return false;
  return line.follow.length === 2 && line.follow.every((user) => typeof user === 'string');
}

function isPost(line: object): boolean {
  if (!('post' in line) || typeof line.post !== 'object' || line.post === null) return false;
  const { author, text, at, ...unknown } = line.post as Record<string, unknown>;
  return (
    typeof author === 'string' &&
    typeof text === 'string' &&
    (at === undefined || typeof at === 'string') &&
    Object.keys(unknown).length === 0
  );
}
