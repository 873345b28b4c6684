import { makeUsers } from './users.js';

const SPEC = { users: 500, follows: 10_000, activePercent: 70, seed: 1 };

describe('users', () => {
  const { graph, active } = makeUsers(SPEC);

  it('follow others, but not themselves', () => {
    const users = Array.from({ length: SPEC.users }, (_, user) => user);
    expect(users.filter((user) => graph.followersOf(user).includes(user))).toEqual([]);
    expect(users.filter((user) => graph.followedBy(user).includes(user))).toEqual([]);
    expect(graph.follows).toBeGreaterThan(0.85 * SPEC.follows);
    expect(graph.follows).toBeLessThan(1.1 * SPEC.follows);
  });

  it('are active as far as they are to be', () => {
    expect(new Set(active).size).toBe(active.length);
    expect(active.length / SPEC.users).toBeCloseTo(0.7, 1);
  });
});
