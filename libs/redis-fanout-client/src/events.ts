import type { ClientError } from './errors.js';

/** What a connection is made over. */
export type TransportName = 'websocket' | 'sse';

/** A post, as the services show it everywhere. Fields that a newer server adds are there as well. */
export interface Post {
  /** 19 digits, which sort by time as text. No number: it would not fit. */
  readonly id: string;
  readonly author: string;
  readonly text: string;
  /** Absolute http(s) URLs. */
  readonly attachments: readonly string[];
  /** ISO 8601, UTC, with milliseconds. */
  readonly createdAt: string;
  /** The time of the last edit, or null. */
  readonly editedAt: string | null;
}

/** A direct message to the user. */
export interface DirectMessage {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** ISO 8601, UTC, with milliseconds. */
  readonly createdAt: string;
}

/** The id of a post that is gone. */
export interface DeletedPost {
  readonly id: string;
}

/**
 * Events may have been missed: whoever shows a timeline reads it again.
 *
 * - `server`: the server says so, as its history does not reach back to where the client was;
 * - `no-position`: a connection ended before the server had said where the client is;
 * - `unreadable`: an event could not be read, and was passed over.
 */
export interface Resync {
  readonly reason: 'server' | 'no-position' | 'unreadable';
}

/** What the client is doing. */
export type ClientState =
  | { readonly state: 'closed' }
  | { readonly state: 'connecting' | 'live'; readonly transport: TransportName }
  /** Not connected, and trying again in `delayMs`, earlier where the device comes back from sleep or to a network. */
  | { readonly state: 'waiting'; readonly delayMs: number };

/** What is told, and with what. */
export interface ClientEvents {
  /** A post entered the user's timeline. */
  readonly post: Post;
  /** A post of the timeline was edited: the post as it is now. */
  readonly edited: Post;
  /** A post of the timeline was deleted. */
  readonly deleted: DeletedPost;
  /** A direct message for the user. */
  readonly message: DirectMessage;
  readonly resync: Resync;
  readonly state: ClientState;
  /** Something worth knowing; the client goes on by itself. */
  readonly error: ClientError;
}

export type ClientEventName = keyof ClientEvents;
