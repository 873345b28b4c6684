import { makeGraph } from './graph.js';

const SPEC = { kind: 'power-law', readers: 1000, authors: 500, follows: 20_000, seed: 7 } as const;

describe('a graph with a power law', () => {
  const graph = makeGraph(SPEC);
  const audiences = Array.from({ length: SPEC.authors }, (_, author) => [...graph.followersOf(author)]);

  it('has about as many follows as are asked for, and each once', () => {
    expect(graph.follows).toBeGreaterThan(0.9 * SPEC.follows);
    expect(graph.follows).toBeLessThan(1.1 * SPEC.follows);
    for (const audience of audiences) expect(new Set(audience).size).toBe(audience.length);
    expect(Math.max(...audiences.flat())).toBeLessThan(SPEC.readers);
  });

  it('has audiences that fall with the rank', () => {
    const sizes = audiences.map(({ length }) => length);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(sizes[0]).toBeGreaterThan(20 * (sizes.at(-1) ?? Infinity));
  });

  it('knows the same follows from both sides', () => {
    const followed = Array.from({ length: SPEC.readers }, (_, reader) => [...graph.followedBy(reader)]);
    const pairs = (lists: readonly (readonly number[])[], swap: boolean): string[] =>
      lists.flatMap((list, i) => list.map((j) => (swap ? `${j} ${i}` : `${i} ${j}`))).sort();
    expect(pairs(followed, true)).toEqual(pairs(audiences, false));
  });

  it('is the same again, and another one of another seed', () => {
    const [first, again, other] = [SPEC, SPEC, { ...SPEC, seed: 8 }].map((spec) => [
      ...makeGraph(spec).followersOf(3),
    ]);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});

describe('activity', () => {
  const activeOf = (activePercent?: number): number[] => {
    const graph = makeGraph(activePercent === undefined ? SPEC : { ...SPEC, activePercent });
    return Array.from({ length: SPEC.readers }, (_, reader) => reader).filter(graph.isActive);
  };

  it('is everybody unless it is said otherwise', () => {
    expect(activeOf()).toHaveLength(SPEC.readers);
  });

  it('is about as many as are asked for, and whoever is active among few is so among more', () => {
    const [few, more] = [activeOf(10), activeOf(30)];
    expect(few.length).toBeGreaterThan(60);
    expect(few.length).toBeLessThan(140);
    expect(more.length).toBeGreaterThan(2 * few.length);
    expect(few.filter((reader) => !more.includes(reader))).toEqual([]);
  });

  it('does not change who follows whom', () => {
    expect([...makeGraph({ ...SPEC, activePercent: 10 }).followersOf(3)]).toEqual([
      ...makeGraph(SPEC).followersOf(3),
    ]);
  });
});

describe('an even graph', () => {
  it('has audiences of one size', () => {
    const graph = makeGraph({ kind: 'even', readers: 100, authors: 20, audience: 7, seed: 1 });
    for (let author = 0; author < 20; author++) {
      expect(new Set(graph.followersOf(author)).size).toBe(7);
    }
    expect(graph.follows).toBe(140);
  });
});
