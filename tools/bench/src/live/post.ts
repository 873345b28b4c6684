import type { Post } from 'redis-fanout';

import { TEXT_LENGTH } from './plan.js';

/** Who writes what all readers get. */
export const AUTHOR = 'author';

/** The text of a post of this number, by which it is known again. */
export function textOf(n: number): string {
  return `${n} `.padEnd(TEXT_LENGTH, 'x');
}

/** The number of the post with this text. */
export function numberOf({ text }: Pick<Post, 'text'>): number {
  return Number.parseInt(text, 10);
}

/** A post like those of the library, for contestants that know nothing of posts: as many bytes to send. */
export function postOf(n: number): Post {
  return {
    id: String(n).padStart(19, '0'),
    author: AUTHOR,
    text: textOf(n),
    attachments: [],
    createdAt: new Date().toISOString(),
    editedAt: null,
  };
}
