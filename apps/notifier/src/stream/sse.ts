/** The media type of Server-Sent Events. */
export const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/** An event for a connected reader. */
export interface StreamEvent {
  /** Where the event stands in what entered the timelines; absent for what did not enter any. */
  readonly id?: string;
  readonly event: 'post' | 'edited' | 'deleted' | 'resync';
  readonly data: object;
}

/** A comment: nothing for the reader, but the connection is seen to live. */
export const KEEP_ALIVE = ': keep-alive\n\n';

/** An event in the format of Server-Sent Events. JSON has no line breaks, so one line of data is enough. */
export function formatEvent({ id, event, data }: StreamEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The last event: the server goes, and says when to come back. */
export function formatBye(retryMs: number): string {
  return `event: bye\nretry: ${retryMs}\ndata: {}\n\n`;
}
