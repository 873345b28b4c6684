import type { Post } from '../../src/index.js';

/** Of two moments the smaller is the earlier. */
type Moment = number;

/** A post as far as the race knows it. */
export interface RacingPost {
  readonly id: string;
  readonly author: string;
  /** When publishing it was answered. */
  readonly published: Moment;
  /** When everyone had it. */
  delivered?: Moment;
  /** Whether it is being deleted or edited. */
  changing?: boolean;
  /** Set before it is deleted: from then on it may be gone. */
  deleting?: true;
  /** When deleting it was answered. */
  deleted?: Moment;
  /** When each of its edits was answered. */
  readonly edits: Moment[];
}

/** The last change of mind of a reader about an author. */
interface Change {
  readonly shows: boolean;
  readonly what: string;
  readonly begun: Moment;
  answered?: Moment;
}

/** What was read of a timeline. */
export interface Reading {
  readonly reader: string;
  readonly begun: Moment;
  readonly items: readonly Post[];
  /** Everything between these ids was read; both are outside. */
  readonly below: string;
  readonly above: string;
}

/** The text of a post's version: 0, and one more with each edit. */
export function textOf(version: number): string {
  return `version ${version}`;
}

function versionOf(text: string): number {
  return Number(text.replace('version ', ''));
}

/**
 * What a race knows for certain: which changes were answered, and which posts were delivered, before a read began. It judges
 * each read by that alone, so what is in flight meanwhile may have happened or not.
 */
export class RacesModel {
  /** All of them, in the order in which publishing was answered. */
  readonly posts: RacingPost[] = [];
  private readonly byId = new Map<string, RacingPost>();
  private readonly changes = new Map<string, Change>();
  private moment = 0;

  now(): Moment {
    return ++this.moment;
  }

  published(id: string, author: string): void {
    const post: RacingPost = { id, author, published: this.now(), edits: [] };
    this.posts.push(post);
    this.byId.set(id, post);
  }

  /** What the timeline of one who follows everyone comes to, newest first. */
  get everything(): string[] {
    return this.posts
      .filter(({ deleting }) => !deleting)
      .map(({ id }) => id)
      .sort()
      .reverse();
  }

  /** Notes that an author is about to be shown to a reader, or hidden. Answers what to call when that is answered. */
  change(reader: string, author: string, shows: boolean, what: string): () => void {
    const change: Change = { shows, what, begun: this.now() };
    this.changes.set(`${reader} ${author}`, change);
    return () => {
      change.answered = this.now();
    };
  }

  /** Which promise a read breaks; undefined where it breaks none. */
  breachOf(reading: Reading): string | undefined {
    const { reader, items } = reading;
    const ids = items.map(({ id }) => id);
    if (ids.some((id, i) => i > 0 && id >= (ids[i - 1] ?? ''))) return `${reader} reads ${ids.join()}`;
    const wrong = items.map((item) => this.wrongWith(reading, item)).find((what) => what !== undefined);
    if (wrong !== undefined) return `${reader} reads ${wrong}`;
    const missing = this.missing(reading, ids);
    return missing && `${reader} misses a post of ${missing.author}`;
  }

  private wrongWith({ reader, begun }: Reading, { id, author, text }: Post): string | undefined {
    const change = this.settled(reader, author, begun);
    if (change?.shows === false) return `a post of ${author} after the ${change.what}`;
    const post = this.byId.get(id);
    // One whose publishing is not answered yet.
    if (post === undefined) return undefined;
    if (post.deleted !== undefined && post.deleted < begun) return `a post of ${author} after the delete`;
    const edits = post.edits.filter((edited) => edited < begun).length;
    return versionOf(text) >= edits ? undefined : `the text of a post of ${author} before the edit`;
  }

  private missing({ reader, begun, below, above }: Reading, ids: readonly string[]): RacingPost | undefined {
    const shown = new Set(ids);
    return this.posts.find(
      (post) => post.id > above && post.id < below && !shown.has(post.id) && this.isDue(post, reader, begun),
    );
  }

  /** Whether a read that began then has to show a post. What was published before a follow comes with it. */
  private isDue(
    { author, published, delivered, deleting }: RacingPost,
    reader: string,
    begun: Moment,
  ): boolean {
    if (deleting) return false;
    if (author === reader) return published < begun;
    const change = this.settled(reader, author, begun);
    if (change?.shows !== true) return false;
    return published < change.begun || (delivered !== undefined && delivered < begun);
  }

  /** What held from before a moment until now; undefined where a change was under way meanwhile. */
  private settled(reader: string, author: string, since: Moment): Change | undefined {
    const change = this.changes.get(`${reader} ${author}`);
    return change?.answered !== undefined && change.answered < since ? change : undefined;
  }
}
