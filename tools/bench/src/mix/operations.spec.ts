import { BLOCK, type Operation, Workload } from './operations.js';
import { makeUsers } from './users.js';

const USERS = makeUsers({ users: 100, follows: 2000, activePercent: 70, seed: 1 });
const BLOCKS = 8;

function counts(operations: readonly Operation[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { kind } of operations) found[kind] = (found[kind] ?? 0) + 1;
  return found;
}

describe('the mix', () => {
  const operations = new Workload(USERS, 3).next(BLOCKS);

  it('has of each block what goes with a post', () => {
    for (let from = 0; from < operations.length; from += BLOCK) {
      const block = counts(operations.slice(from, from + BLOCK));
      expect(block).toEqual({ post: 1, check: 100, follow: 10, logout: 5 });
    }
    expect(operations).toHaveLength(BLOCKS * BLOCK);
  });

  it('is of active users', () => {
    const active = new Set(USERS.active);
    expect(operations.filter(({ user }) => !active.has(user))).toEqual([]);
    expect(new Set(operations.map(({ user }) => user)).size).toBe(active.size);
  });

  it('has users follow somebody new', () => {
    const follows = operations.filter((operation) => operation.kind === 'follow');
    expect(new Set(follows.map(({ user, author }) => `${user} ${author}`)).size).toBe(follows.length);
    expect(follows.filter(({ user, author }) => user === author)).toEqual([]);
    expect(follows.filter(({ user, author }) => USERS.graph.followedBy(user).includes(author))).toEqual([]);
  });

  it('numbers posts on, and is the same again', () => {
    const again = new Workload(USERS, 3);
    const parts = [...again.next(3), ...again.next(BLOCKS - 3)];
    expect(parts).toEqual(operations);
    const posts = parts.filter((operation) => operation.kind === 'post');
    expect(posts.map(({ n }) => n)).toEqual(Array.from({ length: BLOCKS }, (_, n) => n));
  });
});
