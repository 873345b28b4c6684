import type { Graph } from '../fanout/graph.js';
import type { NumberedPost } from '../fanout/post.js';
import type { Users } from './users.js';

/** A post as a check answers it. */
export interface Shown {
  readonly id: string;
  readonly text: string;
}

/** What publishing has come to. */
export interface Published {
  readonly id: string;
  /** When it is in all timelines, as far as the contestant can tell of one post. */
  readonly delivered?: Promise<unknown>;
}

/** A way to give users their timelines. Users are numbers; the text of a post says its number. */
export interface Feed {
  /**
   * How posts are ordered that were under way at once: by their ids, in all timelines alike; or as they came, which may
   * differ from one timeline to another.
   */
  readonly order: 'ids' | 'arrival';
  /**
   * Has everybody follow whom they follow, and timelines filled with these posts, of which the last is the newest.
   * Answers its id.
   */
  prepare(users: Users, posts: readonly NumberedPost[]): Promise<string>;
  publish(post: NumberedPost): Promise<Published>;
  /** Resolves when the author's posts show. */
  follow(reader: number, author: number): Promise<void>;
  /** The newest posts of a reader's timeline, newest first; those with ids above `since`. */
  newest(reader: number, since?: string): Promise<Shown[]>;
  /** Resolves when everything that was published is in all timelines. */
  settle(): Promise<void>;
}

export type OpenFeed = (redisUrl: string) => Promise<Feed>;

/** Posts of a page. */
export const PAGE = 50;

/** About 100 bytes. */
const WORDS =
  'of what was said about the weather, the day before yesterday, by somebody who had not been out since';

export function textOf(n: number): string {
  return `${n} ${WORDS.slice(0, 92)}`;
}

export function numberIn({ text }: Shown): number {
  return Number(text.slice(0, text.indexOf(' ')));
}

/** The newest posts, by number and newest first, of everybody's timelines: what these are filled with. */
export function* filledTimelines(
  { readers, followedBy }: Graph,
  posts: readonly NumberedPost[],
  entries: number,
  isPushed: (author: number) => boolean = () => true,
): Generator<{ readonly user: number; readonly newest: number[] }> {
  const postsOf = byAuthor(posts);
  for (let user = 0; user < readers; user++) {
    const authors = [user, ...[...followedBy(user)].filter(isPushed)];
    const newest = authors.flatMap((author) => postsOf.get(author) ?? []).sort((a, b) => b - a);
    yield { user, newest: newest.slice(0, entries) };
  }
}

/** The numbers of each author's posts, newest first. */
function byAuthor(posts: readonly NumberedPost[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const { n, author } of posts.toReversed()) {
    const own = found.get(author);
    if (own === undefined) found.set(author, [n]);
    else own.push(n);
  }
  return found;
}
