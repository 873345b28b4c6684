import { type ImportLine } from '../input/line.js';
import { randomInput } from './generate.js';
import { buildModel, partitionOf } from './model.js';
import { pickReaders } from './readers.js';

const post = (author: string, text: string, atMs: number): ImportLine => ({
  post: { author, text, at: new Date(atMs).toISOString() },
});
const texts = (lines: ImportLine[], reader: string): string[] =>
  buildModel(lines, { nowMs: 10_000 })
    .timeline(reader)
    .map(({ text }) => text);

describe('ImportModel', () => {
  it("shows a reader's posts and those of everyone they follow, newest first", () => {
    const lines: ImportLine[] = [
      post('b', 'first', 1),
      { follow: ['a', 'b'] },
      post('c', 'of a stranger', 2),
      post('a', 'own', 4),
      post('b', 'late', 3),
    ];
    expect(texts(lines, 'a')).toEqual(['own', 'late', 'first']);
    expect(texts(lines, 'b')).toEqual(['late', 'first']);
    expect(texts(lines, 'nobody')).toEqual([]);
  });

  it('orders posts of the same millisecond by home partition, then by arrival', () => {
    // CRC-32 modulo 8: b is 1, d is 4.
    expect([partitionOf('b', 8), partitionOf('d', 8)]).toEqual([1, 4]);
    const lines: ImportLine[] = [
      { follow: ['a', 'b'] },
      { follow: ['a', 'd'] },
      post('d', 'd1', 5),
      post('b', 'b1', 5),
      post('d', 'd2', 5),
      post('b', 'b2', 5),
    ];
    expect(texts(lines, 'a')).toEqual(['d2', 'd1', 'b2', 'b1']);
  });

  it('takes the same author, time and text for the same post', () => {
    expect(texts([post('a', 'x', 1), post('a', 'x', 1), post('a', 'x', 2)], 'a')).toEqual(['x', 'x']);
  });

  it('leaves out what the system refuses', () => {
    const lines: ImportLine[] = [
      { follow: ['a', 'a'] },
      { follow: ['a', 'no body'] },
      post('a', '', 1),
      post('a', 'x'.repeat(10_001), 1),
      post('a', 'nul\0', 1),
      post('a', 'half \ud83d', 1),
      post('a', 'of the future', 10_001),
      { post: { author: 'a', text: 'x', at: 'yesterday' } },
      post('a', '😀'.repeat(10_000), 1),
    ];
    const model = buildModel(lines, { nowMs: 10_000 });
    expect(model.followees('a').size).toBe(0);
    expect(model.timeline('a')).toHaveLength(1);
  });

  it('refuses posts without a time', () => {
    expect(() => buildModel([{ post: { author: 'a', text: 'x' } }])).toThrow('no time');
  });
});

describe('randomInput', () => {
  it('is the same for the same seed', () => {
    expect(randomInput({ seed: 3 })).toEqual(randomInput({ seed: 3 }));
    expect(randomInput({ seed: 3 })).not.toEqual(randomInput({ seed: 4 }));
  });
});

describe('pickReaders', () => {
  it('takes those who follow most, fewest, and others, each once', () => {
    const model = buildModel(randomInput({ seed: 1, users: 100, follows: 600 }));
    const readers = pickReaders(model, 31);
    const followees = readers.map((reader) => model.followees(reader).size);
    expect(new Set(readers).size).toBe(31);
    expect(Math.min(...followees.slice(0, 10))).toBeGreaterThanOrEqual(Math.max(...followees.slice(10)));
    expect(Math.max(...followees.slice(10, 20))).toBeLessThanOrEqual(Math.min(...followees.slice(20)));
    expect(pickReaders(model, 31)).toEqual(readers);
    expect(pickReaders(model, 1000).sort()).toEqual(model.users.sort());
  });
});
