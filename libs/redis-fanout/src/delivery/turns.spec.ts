import { Turns } from './turns.js';

/** Work that ends when the test wants. */
class Work {
  readonly begun: number[] = [];
  private readonly ends = new Map<number, () => void>();

  async do(piece: number): Promise<number> {
    this.begun.push(piece);
    await new Promise<void>((resolve) => this.ends.set(piece, resolve));
    if (piece < 0) throw new Error('negative');
    return piece;
  }

  async end(piece: number): Promise<void> {
    this.ends.get(piece)?.();
    await new Promise(setImmediate);
  }
}

describe('turns', () => {
  it('lets so many through at once, in the order in which they came', async () => {
    const turns = new Turns(2);
    const work = new Work();
    const results = [1, 2, 3, 4].map(async (piece) => turns.take(async () => work.do(piece)));
    expect(work.begun).toEqual([1, 2]);
    await work.end(2);
    expect(work.begun).toEqual([1, 2, 3]);
    await work.end(1);
    expect(work.begun).toEqual([1, 2, 3, 4]);
    await work.end(3);
    await work.end(4);
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4]);
  });

  it('goes on after work that fails', async () => {
    const turns = new Turns(1);
    const work = new Work();
    const failing = turns.take(async () => work.do(-1));
    const next = turns.take(async () => work.do(1));
    await work.end(-1);
    await expect(failing).rejects.toThrow('negative');
    await work.end(1);
    expect(await next).toBe(1);
  });
});
