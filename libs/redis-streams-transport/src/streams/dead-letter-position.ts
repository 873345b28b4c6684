import { InvalidCursorError } from '../errors.js';

/** Where a dead letter is: in which of the streams, and under which id. */
export interface DeadLetterPosition {
  /** The place of the stream in the list, from 0. */
  readonly index: number;
  readonly ms: bigint;
  readonly sequence: bigint;
}

const MAX_PART = 2n ** 64n - 1n;

/** `<index>-<ms>-<seq>` */
export function formatPosition({ index, ms, sequence }: DeadLetterPosition): string {
  return `${index}-${ms.toString()}-${sequence.toString()}`;
}

/** The position in a public id, or undefined where it is malformed. */
export function parsePosition(id: string): DeadLetterPosition | undefined {
  const [, index, ms, sequence] = /^(\d{1,9})-(\d{1,20})-(\d{1,20})$/.exec(id) ?? [];
  if (index === undefined || ms === undefined || sequence === undefined) return undefined;
  const position = { index: Number(index), ms: BigInt(ms), sequence: BigInt(sequence) };
  return position.ms <= MAX_PART && position.sequence <= MAX_PART ? position : undefined;
}

export function entryId({ ms, sequence }: DeadLetterPosition): string {
  return `${ms.toString()}-${sequence.toString()}`;
}

/** Newest first; those of the same id in the order of their streams. */
export function compareNewestFirst(a: DeadLetterPosition, b: DeadLetterPosition): number {
  if (a.ms !== b.ms) return a.ms > b.ms ? -1 : 1;
  if (a.sequence !== b.sequence) return a.sequence > b.sequence ? -1 : 1;
  return a.index - b.index;
}

export function toCursor(position: DeadLetterPosition): string {
  return Buffer.from(formatPosition(position)).toString('base64url');
}

/** Throws InvalidCursorError. */
export function fromCursor(cursor: string): DeadLetterPosition {
  const position = parsePosition(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (position === undefined || toCursor(position) !== cursor) throw new InvalidCursorError(cursor);
  return position;
}
