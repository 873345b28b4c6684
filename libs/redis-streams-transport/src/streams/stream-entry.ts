import { InvalidEntryError } from '../errors.js';

/** The field of an entry that names its event. */
export const PATTERN_FIELD = 'pattern';
/** The field of an entry that holds the event's data, as JSON text. */
export const DATA_FIELD = 'data';

/** An entry as Redis gave it to this consumer. */
export interface StreamEntry {
  readonly id: string;
  /** How many times it was delivered to some consumer of the group, this time included. */
  readonly deliveries: number;
  /** Names and values in turn. */
  readonly fields: readonly string[];
}

export interface StreamEvent {
  readonly pattern: string;
  readonly data: unknown;
}

/** The fields of an entry for XADD. Throws InvalidEntryError where the data has no JSON form. */
export function encodeEvent(pattern: string, data: unknown): string[] {
  const text = JSON.stringify(data) as string | undefined;
  if (text === undefined) throw new InvalidEntryError(`the data of ${pattern} has no JSON form`);
  return [PATTERN_FIELD, pattern, DATA_FIELD, text];
}

/** The event in the fields of an entry. Throws InvalidEntryError. */
export function decodeEvent(fields: readonly string[]): StreamEvent {
  const pattern = fieldOf(fields, PATTERN_FIELD);
  const text = fieldOf(fields, DATA_FIELD);
  if (pattern === undefined || text === undefined) {
    throw new InvalidEntryError(`an entry needs the fields ${PATTERN_FIELD} and ${DATA_FIELD}`);
  }
  try {
    return { pattern, data: JSON.parse(text) };
  } catch (cause) {
    throw new InvalidEntryError(`the field ${DATA_FIELD} is not JSON`, { cause });
  }
}

/** The value of a field, or undefined. */
export function fieldOf(fields: readonly string[], name: string): string | undefined {
  for (let i = 0; i + 1 < fields.length; i += 2) if (fields[i] === name) return fields[i + 1];
  return undefined;
}
