/** A message as the scripts give it that read an inbox. */
export interface InboxMessage {
  readonly id: string;
  readonly source: string;
  /** Microseconds since 1970, 16 digits; orders the messages of a partition. */
  readonly position: string;
  readonly attempt: number;
  readonly payload: string;
}

/** What is in an inbox, and how many messages are on their way to inboxes of its partition. */
export interface InboxView {
  readonly unfinished: number;
  readonly messages: readonly InboxMessage[];
}

/** What such scripts answer: the number on their way, and `{id, source, position, attempt, payload}` each. */
export type InboxReply = readonly [number, readonly (readonly [string, string, string, number, string])[]];

export function inboxView([unfinished, rows]: InboxReply): InboxView {
  const messages = rows.map(([id, source, position, attempt, payload]) => ({
    id,
    source,
    position,
    attempt,
    payload,
  }));
  return { unfinished, messages };
}
