import type { Graph } from '../fanout/graph.js';
import type { NumberedPost } from '../fanout/post.js';
import { PAGE } from './feed.js';

/** When a post was under way, in order: posts of which one had ended before the other began show in that order. */
export interface PlacedPost extends NumberedPost {
  readonly begun: number;
  readonly ended: number;
}

/** What timelines are to show. */
export class Model {
  private readonly posts = new Map<number, PlacedPost[]>();
  private readonly followed = new Map<number, number[]>();
  private next = 0;

  /** @param posts what timelines were filled with, the oldest first */
  constructor(
    private readonly graph: Graph,
    posts: readonly NumberedPost[],
  ) {
    this.publish(posts.map(({ n, author }, i) => ({ n, author, begun: i, ended: i })));
  }

  /** These were published after all others so far. */
  publish(posts: readonly PlacedPost[]): void {
    const first = this.next;
    for (const { n, author, begun, ended } of posts) {
      const post = { n, author, begun: first + begun, ended: first + ended };
      this.next = Math.max(this.next, post.ended + 1);
      const own = this.posts.get(author);
      if (own === undefined) this.posts.set(author, [post]);
      else own.push(post);
    }
  }

  follow(reader: number, author: number): void {
    this.followed.set(reader, [...(this.followed.get(reader) ?? []), author]);
  }

  /** @throws Error where a page is not the newest posts of the reader and of everyone the reader follows, newest first */
  check(reader: number, page: readonly number[]): void {
    const due = this.dueTo(reader);
    if (isNewest(page, due)) return;
    const newest = due.toSorted((a, b) => b.begun - a.begun).map(({ n }) => n);
    throw new Error(`the page of user ${reader} is ${someOf(page)} and not ${someOf(newest)}`);
  }

  private dueTo(reader: number): PlacedPost[] {
    const authors = [reader, ...this.graph.followedBy(reader), ...(this.followed.get(reader) ?? [])];
    return authors.flatMap((author) => this.posts.get(author) ?? []);
  }
}

function isNewest(page: readonly number[], posts: readonly PlacedPost[]): boolean {
  if (page.length !== Math.min(PAGE, posts.length)) return false;
  const due = new Map(posts.map((post) => [post.n, post]));
  const shown: PlacedPost[] = [];
  for (const n of page) {
    const post = due.get(n);
    // A stranger, or the same once more.
    if (post === undefined) return false;
    due.delete(n);
    shown.push(post);
  }
  let newestBelow = [...due.values()].reduce((newest, { begun }) => Math.max(newest, begun), -1);
  for (const { begun, ended } of shown.toReversed()) {
    if (newestBelow > ended) return false;
    newestBelow = Math.max(newestBelow, begun);
  }
  return true;
}

function someOf(numbers: readonly number[]): string {
  return `${numbers.slice(0, 10).join(' ')} …`;
}
