import { QUICK_PLAN } from './plan.js';
import { makeWorld } from './world.js';

describe('a world', () => {
  it('has small authors among the readers whose pages are read, and celebrities whom the first readers follow', () => {
    const { warm, authors, audience, celebrities } = QUICK_PLAN;
    const world = makeWorld(QUICK_PLAN);
    const graph = world.graph();
    expect(graph).toMatchObject({ readers: 2000, authors: authors + celebrities.length });
    for (let author = 0; author < authors; author++) {
      const followers = graph.followersOf(author);
      expect(followers).toEqual(world.followersOf(author));
      expect(new Set(followers).size).toBe(audience);
      expect(Math.max(...followers)).toBeLessThan(warm);
    }
    celebrities.forEach((size, i) => {
      const followers = graph.followersOf(world.celebrity(i));
      expect(followers).toHaveLength(size);
      expect(followers.at(-1)).toBe(size - 1);
      expect(world.audienceOf(world.celebrity(i))).toBe(size);
    });
    expect(graph.followedBy(1999)).toEqual(Int32Array.of(world.celebrity(1)));
  });
});
