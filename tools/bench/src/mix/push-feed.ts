import { idOf, type NumberedPost } from '../fanout/post.js';
import type { Feed, Published, Shown } from './feed.js';
import type { Store } from './store.js';
import type { Timelines } from './timelines.js';
import { type Users, userName } from './users.js';

/** How posts are pushed. */
export interface Pushing {
  readonly order: Feed['order'];
  /** Resolves when a post is in these timelines; or when that is in hand, with what resolves then. */
  readonly deliver: (id: string, readers: readonly string[]) => Promise<Omit<Published, 'id'>>;
}

/** Pushes posts to the timelines of all followers: it is not known who is active. */
export class PushFeed implements Feed {
  readonly order: Feed['order'];

  constructor(
    private readonly store: Store,
    private readonly timelines: Timelines,
    private readonly pushing: Pushing,
  ) {
    this.order = pushing.order;
  }

  async prepare(users: Users, posts: readonly NumberedPost[]): Promise<string> {
    await this.timelines.fill(users, posts);
    return this.store.prepare(users, posts);
  }

  async publish(post: NumberedPost): Promise<Published> {
    const id = idOf(post.n);
    const accepted = await this.pushing.deliver(id, await this.store.add(post));
    return { id, ...accepted };
  }

  async follow(reader: number, author: number): Promise<void> {
    await this.timelines.mergeIn(userName(reader), await this.store.follow(reader, author));
  }

  async newest(reader: number, since = ''): Promise<Shown[]> {
    return this.store.show(await this.timelines.newest(userName(reader), since));
  }

  async settle(): Promise<void> {
    // Who publishes is told when a post is delivered.
    return Promise.resolve();
  }
}
