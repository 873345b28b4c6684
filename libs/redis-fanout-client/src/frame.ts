import type { ClientEvents } from './events.js';

/** Longer ids are none of ours: they would fit into no URL, and fill the memory of ids. Characters. */
export const MAX_ID_LENGTH = 256;

/** An event without anything to tell, sent at the beginning and beside keep-alives to who asks for it. */
export const POSITION = 'position';

/** An event as a transport received it. */
export interface Frame {
  /** Where the client is once it has the event; opaque. */
  readonly id: string | undefined;
  readonly event: string;
  /** What the JSON says; undefined where it is none. */
  readonly data: unknown;
}

/** The events that the server tells of timelines and inboxes, in order and to be told once. */
type FeedEvent = 'post' | 'edited' | 'deleted' | 'message';

const POST = { strings: ['id', 'author', 'text', 'createdAt'], lists: ['attachments'] };
const SHAPES: Readonly<Record<FeedEvent, { strings: readonly string[]; lists?: readonly string[] }>> = {
  post: POST,
  edited: POST,
  deleted: { strings: ['id'] },
  message: { strings: ['id', 'from', 'to', 'text', 'createdAt'] },
};

/** An event to be told. */
export type Told = {
  [Name in FeedEvent]: { readonly name: Name; readonly data: ClientEvents[Name] };
}[FeedEvent];

/** Whether the event is one to be told; events of other names say no more than where the client is. */
export function isFeedEvent(name: string): name is FeedEvent {
  return Object.hasOwn(SHAPES, name);
}

/** The event with its data, or what is wrong with these. */
export function readFeedEvent(name: FeedEvent, data: unknown): Told | string {
  const { strings, lists = [] } = SHAPES[name];
  if (!isRecord(data)) return `the data of "${name}" is no object`;
  const missing =
    strings.find((field) => typeof data[field] !== 'string') ??
    lists.find((field) => !Array.isArray(data[field]));
  // What the server says about the fields that were looked at is taken for the rest, too.
  return missing === undefined ? ({ name, data } as unknown as Told) : `"${name}" has no "${missing}"`;
}

/** A frame of a WebSocket, or what is wrong with it. */
export function parseFrame(text: string): Frame | string {
  const frame = parseJson(text);
  if (!isRecord(frame) || typeof frame.event !== 'string') return 'a frame is no event';
  return { id: typeof frame.id === 'string' ? frame.id : undefined, event: frame.event, data: frame.data };
}

/** What the JSON says, or undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
