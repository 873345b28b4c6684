import { below, seededRandom } from '../shared/random.js';
import type { Posted } from './calls.js';
import type { Stage } from './world.js';

/** A post that is to be on a reader's page. */
export interface DueOnPage {
  readonly reader: number;
  readonly id: string;
}

/** Readers at random, with posts that their pages are to have: the celebrity's, and the last of the small ones. */
export function dueOnPages(
  { plan: { checked }, world }: Stage,
  posts: readonly Posted[],
  celebrityPost: Posted | undefined,
  seed: number,
): DueOnPage[] {
  const random = seededRandom(seed);
  const due = posts.slice(-checked).map(({ id, author }) => {
    const followers = world.followersOf(author);
    return { id, reader: followers[below(followers.length, random)] ?? 0 };
  });
  if (celebrityPost === undefined) return due;
  const { id, author } = celebrityPost;
  const audience = world.audienceOf(author);
  return [...due, ...Array.from({ length: checked }, () => ({ id, reader: below(audience, random) }))];
}

/** @throws Error where a page lacks a post */
export function checkPages(due: readonly DueOnPage[], pages: readonly (readonly string[])[]): void {
  for (const [i, { id, reader }] of due.entries()) {
    const page = pages[i] ?? [];
    if (page.includes(id)) continue;
    throw new Error(`the page of reader ${reader} lacks ${id}, and has ${page.slice(0, 5).join(' ')} …`);
  }
}
