import { replayDeadLetter } from '../lua/replay-dead-letter.js';
import { type RedisClient } from '../redis/redis-client.js';
import {
  compareNewestFirst,
  type DeadLetterPosition,
  entryId,
  formatPosition,
  fromCursor,
  parsePosition,
  toCursor,
} from './dead-letter-position.js';
import { DATA_FIELD, fieldOf, PATTERN_FIELD, type StreamEvent } from './stream-entry.js';
import { type StreamKeys, toStreamKeys } from './stream-keys.js';
import { requireStreams, requireWhole } from './streams-options.js';

export interface DeadLettersOptions {
  /** The client to work with; stays its owner's to close. */
  readonly client: RedisClient;
  /** In an order that does not change: the ids name a stream by its place. */
  readonly streams: readonly (string | StreamKeys)[];
}

export interface DeadLetter {
  /** `<place of the stream>-<ms>-<seq>` */
  readonly id: string;
  /** What was given up; where the data is not JSON, its text. */
  readonly event: StreamEvent;
  /** How many times it was delivered. */
  readonly attempts: number;
  readonly firstError: string;
  readonly lastError: string;
  /** When it was given up, in ISO 8601. */
  readonly at: string;
}

export interface DeadLetterPage {
  readonly items: readonly DeadLetter[];
  /** Null at the end. */
  readonly nextCursor: string | null;
}

interface Found {
  readonly position: DeadLetterPosition;
  readonly fields: readonly string[];
}

/** The largest page. */
const MAX_LIMIT = 1000;

/** What consumers gave up, over several streams: to look at, replay, or remove. */
export class DeadLetters {
  private readonly streams: readonly StreamKeys[];

  /** Throws InvalidOptionError. */
  constructor(private readonly options: DeadLettersOptions) {
    this.streams = toStreamKeys(options.streams);
    requireStreams(this.streams, options.client);
  }

  /**
   * A page, newest first. Full unless it is the last one; `nextCursor` is null at the end only. Dead letters that come or
   * go between two pages shift nothing.
   *
   * @param request.limit from 1 to 1,000; default 50
   * @throws InvalidCursorError, InvalidOptionError
   */
  async page(
    request: { cursor?: string | undefined; limit?: number | undefined } = {},
  ): Promise<DeadLetterPage> {
    const limit = request.limit ?? 50;
    requireWhole('limit', limit, 1, MAX_LIMIT);
    const after = request.cursor === undefined ? undefined : fromCursor(request.cursor);
    const lists = await Promise.all(this.streams.map((_, index) => this.read(index, after, limit + 1)));
    const found = lists.flat().sort((a, b) => compareNewestFirst(a.position, b.position));
    const last = found[limit - 1];
    const nextCursor = found.length > limit && last !== undefined ? toCursor(last.position) : null;
    return { items: found.slice(0, limit).map(toDeadLetter), nextCursor };
  }

  /**
   * Puts a dead letter back at the end of its stream, for every group of it; removes it here in the same step.
   *
   * @returns false where there is none of that id
   */
  async replay(id: string): Promise<boolean> {
    const place = this.place(id);
    return place !== undefined && replayDeadLetter(this.options.client, place.keys, place.entryId);
  }

  /** Removes a dead letter for good. Returns false where there is none of that id. */
  async remove(id: string): Promise<boolean> {
    const place = this.place(id);
    if (place === undefined) return false;
    return (await this.options.client.xdel(place.keys.deadLetters, place.entryId)) === 1;
  }

  private place(id: string): { keys: StreamKeys; entryId: string } | undefined {
    const position = parsePosition(id);
    const keys = position && this.streams[position.index];
    return keys && { keys, entryId: entryId(position) };
  }

  private async read(index: number, after: DeadLetterPosition | undefined, count: number): Promise<Found[]> {
    const key = this.streams[index]?.deadLetters ?? '';
    // Of two dead letters with the same id that of the later stream comes second.
    const end = after === undefined ? '+' : `${index > after.index ? '' : '('}${entryId(after)}`;
    if (end === '(0-0') return [];
    const entries = await this.options.client.xrevrange(key, end, '-', 'COUNT', count);
    return entries.flatMap(([id, fields]) => {
      const position = parsePosition(`${index}-${id}`);
      return position === undefined ? [] : [{ position, fields }];
    });
  }
}

function toDeadLetter({ position, fields }: Found): DeadLetter {
  const text = (name: string): string => fieldOf(fields, name) ?? '';
  return {
    id: formatPosition(position),
    event: { pattern: text(PATTERN_FIELD), data: parsed(text(DATA_FIELD)) },
    attempts: Number(text('attempts')),
    firstError: text('firstError'),
    lastError: text('lastError'),
    at: new Date(Number(text('at')) || 0).toISOString(),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
