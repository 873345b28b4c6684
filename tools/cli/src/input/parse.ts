import { type InputFormat, type ParsedLine } from './line.js';

/** A third column from here on is a time in Unix seconds (1973 and later); a smaller one is a weight. */
const FIRST_PLAUSIBLE_SECOND = 100_000_000;
/** The last second that a four-digit year can say. */
const LAST_SECOND = 253_402_300_799;
const NUMBER = /^\d+(\.\d+)?$/;
const SKIP: ParsedLine = { kind: 'skip' };
const SELF: ParsedLine = { kind: 'self' };

/** True of blank lines, of comments, which begin with `#`, and of the word `end`, which closes some published files. */
export function isSkipped(line: string): boolean {
  const text = line.trim();
  return text === '' || text.startsWith('#') || text === 'end';
}

/** Tells the format of a file by its first line that is neither blank nor a comment. */
export function detectFormat(line: string): InputFormat {
  if (line.trimStart().startsWith('{')) return 'ndjson';
  const third = columns(line)[2];
  return third !== undefined && NUMBER.test(third) && Number(third) >= FIRST_PLAUSIBLE_SECOND
    ? 'posts'
    : 'follows';
}

/**
 * Turns a line of a file into a line of `POST /import`.
 *
 * @param number the line's number in its file, from 1; it makes the text of a logged post unique and reproducible,
 *   so that importing the file again stores nothing twice
 */
export function parseLine(line: string, format: InputFormat, number: number): ParsedLine {
  if (isSkipped(line)) return SKIP;
  switch (format) {
    case 'ndjson':
      return { kind: 'send', json: line.trim() };
    case 'follows':
      return parseEdge(columns(line));
    case 'posts':
      return parseEvent(columns(line), number);
  }
}

function columns(line: string): string[] {
  return line.trim().split(/[\s,]+/);
}

function parseEdge([reader, author, weight, ...rest]: string[]): ParsedLine {
  if (reader === undefined || author === undefined || rest.length > 0) {
    return bad('an edge is `a b` or `a b weight`');
  }
  if (weight !== undefined && Number.isNaN(Number(weight))) return bad('the weight of an edge is a number');
  if (reader === author) return SELF;
  return send({ follow: [reader, author] });
}

function parseEvent([from, to, seconds, kind, ...rest]: string[], number: number): ParsedLine {
  if (from === undefined || to === undefined || seconds === undefined || rest.length > 0) {
    return bad('an event is `from to unixSeconds` or `from to unixSeconds kind`');
  }
  if (!NUMBER.test(seconds) || Number(seconds) > LAST_SECOND) return bad('the time is not in Unix seconds');
  const at = new Date(Math.round(Number(seconds) * 1000)).toISOString();
  const text = `${kind === undefined ? '' : `${kind} `}@${to} #${number}`;
  return send({ post: { author: from, text, at } });
}

function send(line: unknown): ParsedLine {
  return { kind: 'send', json: JSON.stringify(line) };
}

function bad(error: string): ParsedLine {
  return { kind: 'bad', error };
}
