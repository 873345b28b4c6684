import { InvalidCursorError } from '../errors.js';
import { checkWhole } from '../strategies/checks.js';
import type { Message, MessagePage, ReadRequest } from '../strategies/fanout-strategy.js';

/** A place in the order of messages: the time at which they were published, then a number within the millisecond. */
export interface Position {
  readonly ms: number;
  readonly n: number;
}

/** A message as the broker keeps it. */
export interface StoredMessage extends Position {
  readonly id: string;
  readonly source: string;
  /** The payload; every recipient has it parsed anew, so that nobody shares an object. */
  readonly json: string;
}

/** A message that a recipient has not acknowledged. */
export interface Held {
  readonly message: StoredMessage;
  /** How often it was handed out. */
  attempts: number;
  /** Others can take it from then on; 0 where it was never handed out. */
  leaseUntilMs: number;
  /** Its place among the dead letters, where it is one. */
  readonly buriedAt?: Position;
}

/** Positions that only go up, whatever the clock does. */
export class Sequence {
  private last: Position = { ms: 0, n: -1 };

  constructor(private readonly maxN = Infinity) {}

  next(): Position {
    const now = Date.now();
    const { ms, n } = this.last;
    if (now > ms) this.last = { ms: now, n: 0 };
    else this.last = n < this.maxN ? { ms, n: n + 1 } : { ms: ms + 1, n: 0 };
    return this.last;
  }
}

export function isAfter(position: Position, other: Position): boolean {
  return position.ms > other.ms || (position.ms === other.ms && position.n > other.n);
}

/** The form of a position of a source: of streams also that of the message's id. */
export function formatPosition({ ms, n }: Position, source: string): string {
  return `${ms}-${n}/${source}`;
}

/** Undefined for anything that `formatPosition` does not give. */
export function parsePosition(text: string): (Position & { readonly source: string }) | undefined {
  const [, ms, n, source] = /^(\d{1,20})-(\d{1,20})\/([\w.:@/-]{1,128})$/.exec(text) ?? [];
  return source === undefined ? undefined : { ms: Number(ms), n: Number(n), source };
}

export function toMessage<Payload>(message: StoredMessage, attempts = 1): Message<Payload> {
  const { id, source, json, ms } = message;
  return {
    id,
    source,
    payload: JSON.parse(json) as Payload,
    publishedAtMs: ms,
    attempt: Math.max(1, attempts),
  };
}

/** A page of messages, the oldest first. @throws InvalidOptionError, InvalidCursorError */
export function pageOf<Payload>(
  all: readonly Held[],
  { limit = 50, cursor }: ReadRequest,
): MessagePage<Payload> {
  checkWhole('limit', limit, 1, 100);
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const sorted = all
    .filter((held) => after === undefined || compare(placeOf(held), after) > 0)
    .sort((a, b) => compare(placeOf(a), placeOf(b)));
  const page = sorted.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ message, attempts }) => toMessage<Payload>(message, attempts)),
    nextCursor: last !== undefined && sorted.length > limit ? encodeCursor(placeOf(last)) : null,
  };
}

function placeOf({ message, buriedAt = message }: Held): Place {
  return { ms: buriedAt.ms, n: buriedAt.n, source: message.source };
}

type Place = Position & { readonly source: string };

function compare(a: Place, b: Place): number {
  if (a.ms !== b.ms) return a.ms - b.ms;
  if (a.n !== b.n) return a.n - b.n;
  if (a.source === b.source) return 0;
  return a.source < b.source ? -1 : 1;
}

function encodeCursor(place: Place): string {
  return Buffer.from(formatPosition(place, place.source)).toString('base64url');
}

function decodeCursor(cursor: string): Place {
  const place = parsePosition(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (place === undefined || encodeCursor(place) !== cursor) throw new InvalidCursorError();
  return place;
}
