import { publishedAtMs } from '../post-id.js';

/** A post as readers see it. Times are ISO 8601, UTC, with milliseconds. */
export interface Post {
  /** 19 digits; see `post-id.ts`. */
  readonly id: string;
  readonly author: string;
  readonly text: string;
  readonly attachments: readonly string[];
  readonly createdAt: string;
  readonly editedAt: string | null;
}

/** The fields of a post's hash that make up its body. */
export const BODY_FIELDS = ['author', 'text', 'attachments', 'edited', 'deleted'] as const;

/** What the body's fields say: the post, a tombstone, or nothing. */
export type StoredPost = Post | 'deleted' | undefined;

/** Reads the answer to `HMGET <post> author text attachments edited deleted`. */
export function storedPost(id: string, fields: readonly (string | null)[]): StoredPost {
  const [author, text, attachments, edited, deleted] = fields;
  if (typeof author !== 'string') return undefined;
  if (typeof deleted === 'string' || typeof text !== 'string') return 'deleted';
  return {
    id,
    author,
    text,
    attachments: parseAttachments(attachments),
    createdAt: new Date(publishedAtMs(id)).toISOString(),
    editedAt: typeof edited === 'string' ? new Date(Number(edited)).toISOString() : null,
  };
}

/** The attachments from the JSON in which they are kept; nothing is kept where there are none. */
export function parseAttachments(json: string | null | undefined): readonly string[] {
  return json === null || json === undefined || json === '' ? [] : (JSON.parse(json) as string[]);
}
