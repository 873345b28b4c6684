import { below, type Random } from '../shared/random.js';
import type { Graph } from './graph.js';
import type { NumberedPost } from './post.js';

/** Posts by authors at random. */
export function postsOf(graph: Graph, count: number, first: number, random: Random): NumberedPost[] {
  return Array.from({ length: count }, (_, i) => ({ n: first + i, author: below(graph.authors, random) }));
}

export function deliveriesOf(graph: Graph, posts: readonly NumberedPost[]): number {
  return posts.reduce((sum, { author }) => sum + graph.followersOf(author).length, 0);
}

/** A post, and where it stands among all. */
interface Place {
  readonly n: number;
  readonly place: number;
}

/** What timelines are to hold: the newest posts of a reader, newest first, of those that were delivered. */
export class Model {
  private readonly postsOfAuthors = new Map<number, Place[]>();
  private delivered = 0;

  constructor(private readonly graph: Graph) {}

  /** These were delivered; in the order in which timelines are to have them, the oldest first. */
  deliver(posts: readonly NumberedPost[]): void {
    for (const { n, author } of posts) {
      const place = { n, place: this.delivered++ };
      const ofAuthor = this.postsOfAuthors.get(author);
      if (ofAuthor === undefined) this.postsOfAuthors.set(author, [place]);
      else ofAuthor.push(place);
    }
  }

  newest(reader: number, count: number): number[] {
    return Array.from(this.graph.followedBy(reader), (author) => this.postsOfAuthors.get(author) ?? [])
      .flat()
      .sort((a, b) => b.place - a.place)
      .slice(0, count)
      .map(({ n }) => n);
  }
}
