import { publishedAtMs } from '../post-id.js';

/** A direct message from one user to another. */
export interface DirectMessage {
  /** 19 digits, formed like the ids of posts: it sorts by time, and ascends along an inbox. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** ISO 8601, UTC, with milliseconds. */
  readonly createdAt: string;
}

/** A direct message with what is not kept with it: all that its id and its parts say. */
export function directMessage(id: string, from: string, to: string, text: string): DirectMessage {
  return { id, from, to, text, createdAt: new Date(publishedAtMs(id)).toISOString() };
}

/** Reads an entry of a user's inbox, `<id> <from> <text>`. */
export function storedMessage(entry: string, to: string): DirectMessage {
  const [id, from] = entry.split(' ', 2) as [string, string];
  return directMessage(id, from, to, entry.slice(id.length + from.length + 2));
}
