import { integer, text, userId } from 'service-host';

/** What a line of an import asks for. */
export type ImportLine =
  | { readonly follow: { readonly reader: string; readonly author: string } }
  | { readonly post: { readonly author: string; readonly text: string; readonly atMs: number | undefined } }
  | { readonly message: ImportMessage };

/** A direct message. */
export interface ImportMessage {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** Why a line cannot be imported. Its text is for who sent it. */
export class ImportLineError extends Error {}

const MAX_TEXT = 10_000;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;
const textRule = text(MAX_TEXT);
const timeRule = integer(0, Number.MAX_SAFE_INTEGER);

/** Reads a line. @throws ImportLineError */
export function parseImportLine(line: string): ImportLine {
  const { follow, post, message, ...others } = fields(parse(line), 'a line');
  refuseOthers(others);
  if ([follow, post, message].filter((value) => value !== undefined).length !== 1) {
    throw new ImportLineError('a line has either a follow, a post or a message');
  }
  if (follow !== undefined) return { follow: parseFollow(follow) };
  return post !== undefined ? { post: parsePost(post) } : { message: parseMessage(message) };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new ImportLineError('not JSON');
  }
}

function parseFollow(value: unknown): { reader: string; author: string } {
  if (!Array.isArray(value) || value.length !== 2)
    throw new ImportLineError('follow is ["reader", "author"]');
  const [reader, author] = value as [unknown, unknown];
  check('reader', userId(reader));
  check('author', userId(author));
  if (reader === author) throw new ImportLineError('a reader cannot follow themselves');
  return { reader: reader as string, author: author as string };
}

function parsePost(value: unknown): { author: string; text: string; atMs: number | undefined } {
  const { author, text: body, at, ...others } = fields(value, 'post');
  refuseOthers(others);
  check('author', userId(author));
  check('text', textRule(body));
  return {
    author: author as string,
    text: body as string,
    atMs: at === undefined ? undefined : parseTime(at),
  };
}

function parseMessage(value: unknown): ImportMessage {
  const { from, to, text: body, ...others } = fields(value, 'message');
  refuseOthers(others);
  check('from', userId(from));
  check('to', userId(to));
  check('text', textRule(body));
  return { from: from as string, to: to as string, text: body as string };
}

function parseTime(at: unknown): number {
  const ms = typeof at === 'string' && TIME.test(at) ? Date.parse(at) : NaN;
  // The 30th of February reads as a day of March.
  if (timeRule(ms) !== undefined || new Date(ms).toISOString().slice(0, 19) !== (at as string).slice(0, 19)) {
    throw new ImportLineError('at is a time as 2026-01-31T12:00:00.000Z, from 1970 on');
  }
  return ms;
}

function fields(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ImportLineError(`${name} is a JSON object`);
  }
  return value as Record<string, unknown>;
}

function refuseOthers(others: Record<string, unknown>): void {
  const [name] = Object.keys(others);
  if (name !== undefined) throw new ImportLineError(`unknown field ${name.slice(0, 100)}`);
}

function check(field: string, message: string | undefined): void {
  if (message !== undefined) throw new ImportLineError(`${field} ${message}`);
}
