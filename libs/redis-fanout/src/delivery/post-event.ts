import { isPostId } from '../post-id.js';
import { isUserId } from '../user-id.js';

/** What happened to a post; the data of the outbox entries, whose pattern is `post`. */
export interface PostEvent {
  readonly kind: 'published' | 'edited' | 'deleted';
  readonly id: string;
  readonly author: string;
  /** Tells the edits of a post apart. */
  readonly mark?: string;
}

/** The pattern under which post events stand in the outbox. */
export const POST_PATTERN = 'post';

/** Whether something is an event of a post. */
export function isPostEvent(value: unknown): value is PostEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, id, author, mark } = value as Partial<Record<string, unknown>>;
  return (
    (kind === 'published' || kind === 'edited' || kind === 'deleted') &&
    typeof id === 'string' &&
    isPostId(id) &&
    typeof author === 'string' &&
    isUserId(author) &&
    (mark === undefined || (typeof mark === 'string' && /^\d{1,16}$/.test(mark)))
  );
}
