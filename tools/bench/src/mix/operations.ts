import { below, type Random, seededRandom } from '../shared/random.js';
import type { Users } from './users.js';

/** What a user does. */
export type Operation =
  | { readonly kind: 'post'; readonly user: number; readonly n: number }
  | { readonly kind: 'check'; readonly user: number }
  | { readonly kind: 'follow'; readonly user: number; readonly author: number }
  | { readonly kind: 'logout'; readonly user: number };

/** For each post; see Kate et al., Easy Freshness with Pequod Cache Joins, NSDI 2014. */
const CHECKS = 100;
const FOLLOWS = 10;
const LOGOUTS = 5;
/** Operations of a block: one post, and what goes with it. */
export const BLOCK = 1 + CHECKS + FOLLOWS + LOGOUTS;

/** The mix of operations: blocks that have each operation as often as it is due, in an order at random. */
export class Workload {
  private readonly random: Random;
  private readonly followed: Set<string>;
  private posts = 0;

  constructor(
    private readonly users: Users,
    seed: number,
  ) {
    this.random = seededRandom(seed);
    this.followed = new Set();
  }

  /** The next blocks, one after the other: the first ones are the same mix as all. */
  next(blocks: number): Operation[] {
    return Array.from({ length: blocks }, () => this.block()).flat();
  }

  private block(): Operation[] {
    const operations: Operation[] = [{ kind: 'post', user: this.user(), n: this.posts++ }];
    for (let i = 0; i < CHECKS; i++) operations.push({ kind: 'check', user: this.user() });
    for (let i = 0; i < FOLLOWS; i++) operations.push(this.follow());
    for (let i = 0; i < LOGOUTS; i++) operations.push({ kind: 'logout', user: this.user() });
    return shuffled(operations, this.random);
  }

  private user(): number {
    const { active } = this.users;
    return active[below(active.length, this.random)] ?? 0;
  }

  /** Somebody new: each follow has work to do. */
  private follow(): Operation {
    const { graph } = this.users;
    for (;;) {
      const user = this.user();
      const author = below(graph.authors, this.random);
      const name = `${user} ${author}`;
      if (author === user || this.followed.has(name) || graph.followedBy(user).includes(author)) continue;
      this.followed.add(name);
      return { kind: 'follow', user, author };
    }
  }
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const draws = items.map((item) => ({ item, draw: random() }));
  return draws.sort((a, b) => a.draw - b.draw).map(({ item }) => item);
}
