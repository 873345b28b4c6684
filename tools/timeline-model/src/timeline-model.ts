/** A post as the model keeps it. */
export interface ModelPost {
  /** Sorts, as text, as the posts do in time. */
  readonly id: string;
  readonly author: string;
  readonly text: string;
}

export interface TimelineModelOptions {
  /** So many of an author's posts are listed: the newest ones. Default: all. */
  readonly authorMaxPosts?: number;
}

/** The posts of one author. */
class AuthorPosts<P extends ModelPost> {
  private readonly posts = new Map<string, P>();
  /** The newest of those that no longer fit the list. */
  private newestFallen = '';
  private readonly fallen = new Set<string>();
  private sorted: readonly P[] | undefined;

  constructor(private readonly max: number) {}

  /** All there are, listed or not. */
  get count(): number {
    return this.posts.size;
  }

  /** Those that are listed, newest first. */
  get listed(): readonly P[] {
    this.sorted ??= [...this.posts.values()].filter(({ id }) => !this.fallen.has(id)).sort(newestFirst);
    return this.sorted;
  }

  /** Adds a post, or replaces one of the same id. */
  put(post: P): void {
    const isNew = !this.posts.has(post.id);
    this.posts.set(post.id, post);
    this.sorted = undefined;
    if (!isNew) return;
    if (this.fallen.size > 0 && post.id < this.newestFallen) this.fallen.add(post.id);
    if (this.posts.size - this.fallen.size <= this.max) return;
    const dropped = this.listed[this.max];
    if (dropped === undefined) return;
    this.fallen.add(dropped.id);
    this.newestFallen = dropped.id;
    this.sorted = undefined;
  }

  get(id: string): P | undefined {
    return this.posts.get(id);
  }

  isListed(id: string): boolean {
    return this.posts.has(id) && !this.fallen.has(id);
  }

  delete(id: string): void {
    this.posts.delete(id);
    this.fallen.delete(id);
    this.sorted = undefined;
  }
}

/**
 * The plainest thing that could be right: what every reader should see once everything is delivered. No floors, no
 * windows, no deliveries: a timeline is the posts of everyone it is made of, sorted.
 */
export class TimelineModel<P extends ModelPost = ModelPost> {
  private readonly authors = new Map<string, AuthorPosts<P>>();
  private readonly authorOf = new Map<string, string>();
  private readonly followed = new Relation();
  private readonly muted = new Relation();
  private readonly blocked = new Relation();
  private readonly authorMaxPosts: number;

  constructor({ authorMaxPosts = Infinity }: TimelineModelOptions = {}) {
    this.authorMaxPosts = authorMaxPosts;
  }

  /** Everyone who follows somebody or has posted. */
  get users(): string[] {
    return [...new Set([...this.followed.subjects, ...this.authors.keys()])];
  }

  /** The ids of all posts, in the order in which they came. */
  get ids(): string[] {
    return [...this.authorOf.keys()];
  }

  publish(post: P): void {
    let posts = this.authors.get(post.author);
    if (posts === undefined) this.authors.set(post.author, (posts = new AuthorPosts(this.authorMaxPosts)));
    posts.put(post);
    this.authorOf.set(post.id, post.author);
  }

  /** A post, listed or not. */
  post(id: string): P | undefined {
    return this.authors.get(this.authorOf.get(id) ?? '')?.get(id);
  }

  /** Whether a post is among the newest of its author. Others may show here and there, or not. */
  isListed(id: string): boolean {
    return this.authors.get(this.authorOf.get(id) ?? '')?.isListed(id) ?? false;
  }

  /** Gives a post another text. */
  edit(id: string, text: string): void {
    const post = this.post(id);
    if (post !== undefined) this.publish({ ...post, text });
  }

  delete(id: string): void {
    this.authors.get(this.authorOf.get(id) ?? '')?.delete(id);
    this.authorOf.delete(id);
  }

  /** Nobody follows themselves, or somebody whom they have blocked or who has blocked them. */
  follow(reader: string, author: string): void {
    if (reader !== author && !this.areBlocked(reader, author)) this.followed.add(reader, author);
  }
  unfollow(reader: string, author: string): void {
    this.followed.delete(reader, author);
  }
  mute(reader: string, other: string): void {
    this.muted.add(reader, other);
  }
  unmute(reader: string, other: string): void {
    this.muted.delete(reader, other);
  }
  block(user: string, other: string): void {
    this.blocked.add(user, other);
    this.unfollow(user, other);
    this.unfollow(other, user);
  }
  unblock(user: string, other: string): void {
    this.blocked.delete(user, other);
  }
  /** Whether one of the two has blocked the other. */
  areBlocked(user: string, other: string): boolean {
    return this.blocked.has(user, other) || this.blocked.has(other, user);
  }

  /** Whom a reader follows. */
  following(reader: string): ReadonlySet<string> {
    return this.followed.of(reader);
  }
  /** Who follows an author. */
  followers(author: string): string[] {
    return this.followed.subjects.filter((reader) => this.followed.has(reader, author));
  }
  /** Whether an author's posts show in a reader's timeline. */
  shows(reader: string, author: string): boolean {
    return reader === author || (this.followed.has(reader, author) && !this.muted.has(reader, author));
  }

  /** An author's listed posts, newest first. */
  postsOf(author: string): readonly P[] {
    return this.authors.get(author)?.listed ?? [];
  }
  /** How many posts of an author there are, listed or not. */
  countOf(author: string): number {
    return this.authors.get(author)?.count ?? 0;
  }
  /** The posts of a reader and of everyone that they follow and have not muted, newest first. */
  timeline(reader: string): P[] {
    return [reader, ...this.following(reader)]
      .filter((author) => this.shows(reader, author))
      .flatMap((author) => this.postsOf(author))
      .sort(newestFirst);
  }
}

/** Who does something to whom. */
class Relation {
  private readonly pairs = new Map<string, Set<string>>();

  get subjects(): string[] {
    return [...this.pairs.keys()];
  }
  of(subject: string): ReadonlySet<string> {
    return this.pairs.get(subject) ?? new Set();
  }
  has(subject: string, object: string): boolean {
    return this.of(subject).has(object);
  }
  add(subject: string, object: string): void {
    const objects = this.pairs.get(subject);
    if (objects === undefined) this.pairs.set(subject, new Set([object]));
    else objects.add(object);
  }
  delete(subject: string, object: string): void {
    this.pairs.get(subject)?.delete(object);
  }
}

function newestFirst(a: ModelPost, b: ModelPost): number {
  if (a.id === b.id) return 0;
  return a.id < b.id ? 1 : -1;
}
