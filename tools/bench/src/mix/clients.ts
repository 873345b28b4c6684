import type { NumberedPost } from '../fanout/post.js';
import { forEach } from '../shared/for-each.js';
import { type Checks, REFRESHED, type ShownPage } from './calls.js';
import { type Feed, numberIn } from './feed.js';
import type { PlacedPost } from './model.js';
import type { Operation } from './operations.js';

/** A post, with the time at which it was under way; time is counted in beginnings and ends of posts. */
interface Sent extends NumberedPost {
  readonly id: string;
  readonly begun: number;
  ended: number;
}

/** The users of a contestant. */
export class Clients {
  /** The newest post that each user has seen, unless the user has logged out since. */
  private readonly seen = new Map<number, string>();
  private sent: Sent[] = [];
  private deliveries: Promise<unknown>[] = [];
  private time = 0;

  constructor(private readonly feed: Feed) {}

  /** These users have seen everything up to a post. */
  haveSeen(users: readonly number[], id: string): void {
    for (const user of users) this.seen.set(user, id);
  }

  /** Does operations, some at once. Resolves when all that was published is delivered, with when it was under way. */
  async perform(operations: readonly Operation[], checks: Checks, atOnce: number): Promise<PlacedPost[]> {
    this.sent = [];
    this.deliveries = [];
    this.time = 0;
    await forEach(operations, atOnce, async (operation) => this.do(operation, checks));
    await Promise.all(this.deliveries);
    await this.feed.settle();
    return this.feed.order === 'ids' ? placedById(this.sent) : this.sent.map(withoutId);
  }

  async page(user: number): Promise<ShownPage> {
    const page = await this.feed.newest(user);
    const last = page[REFRESHED];
    const newer = last === undefined ? page : await this.feed.newest(user, last.id);
    return { page: page.map(numberIn), newer: newer.map(numberIn) };
  }

  private async do(operation: Operation, checks: Checks): Promise<void> {
    switch (operation.kind) {
      case 'post':
        return this.publish(operation.n, operation.user);
      case 'check':
        return this.check(operation.user, checks);
      case 'follow':
        return this.feed.follow(operation.user, operation.author);
      case 'logout':
        if (checks === 'refreshes') this.seen.delete(operation.user);
    }
  }

  private async publish(n: number, author: number): Promise<void> {
    const begun = this.time++;
    const { id, delivered } = await this.feed.publish({ n, author });
    const post: Sent = { n, author, id, begun, ended: this.time++ };
    this.sent.push(post);
    if (delivered === undefined) return;
    this.deliveries.push(
      delivered.then(() => {
        post.ended = this.time++;
      }),
    );
  }

  private async check(user: number, checks: Checks): Promise<void> {
    if (checks === 'pages') {
      await this.feed.newest(user);
      return;
    }
    const [newest] = await this.feed.newest(user, this.seen.get(user));
    const seen = this.seen.get(user) ?? '';
    if (newest !== undefined && newest.id > seen) this.seen.set(user, newest.id);
  }
}

function placedById(sent: readonly Sent[]): PlacedPost[] {
  const ordered = sent.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return ordered.map(({ n, author }, place) => ({ n, author, begun: place, ended: place }));
}

function withoutId({ n, author, begun, ended }: Sent): PlacedPost {
  return { n, author, begun, ended };
}
