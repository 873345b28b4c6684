import { InvalidEntryError } from '../errors.js';
import { type StreamEvent } from '../streams/stream-entry.js';

/** The text of a message for SPUBLISH: JSON of `{pattern, data}`. */
export function encodeMessage(pattern: string, data: unknown): string {
  return JSON.stringify({ pattern, data });
}

/** The event in a message. Throws InvalidEntryError. */
export function decodeMessage(text: string): StreamEvent {
  const message = parsed(text);
  if (typeof message !== 'object' || message === null || !('pattern' in message)) {
    throw new InvalidEntryError('a message needs to be JSON of {pattern, data}');
  }
  const { pattern } = message;
  if (typeof pattern !== 'string') throw new InvalidEntryError('the pattern of a message needs to be a text');
  return { pattern, data: 'data' in message ? message.data : undefined };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidEntryError('a message is not JSON', { cause });
  }
}
