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
  it('let so much through at once, in the order in which it came', async () => {
    const turns = new Turns(4);
    const work = new Work();
    const weights = [2, 2, 2, 1, 1];
    const results = weights.map(async (weight, piece) => turns.take(weight, async () => work.do(piece)));
    expect(work.begun).toEqual([0, 1]);
    await work.end(1);
    expect(work.begun).toEqual([0, 1, 2]);
    await work.end(0);
    expect(work.begun).toEqual([0, 1, 2, 3, 4]);
    for (const piece of [2, 3, 4]) await work.end(piece);
    expect(await Promise.all(results)).toEqual([0, 1, 2, 3, 4]);
  });

  it('let nothing light pass what is heavy and waits', async () => {
    const turns = new Turns(4);
    const work = new Work();
    const results = [3, 9, 1].map(async (weight, piece) => turns.take(weight, async () => work.do(piece)));
    expect(work.begun).toEqual([0]);
    await work.end(0);
    // Heavier than all may be: alone.
    expect(work.begun).toEqual([0, 1]);
    await work.end(1);
    await work.end(2);
    expect(await Promise.all(results)).toEqual([0, 1, 2]);
  });

  it('go on after work that fails', async () => {
    const turns = new Turns(1);
    const work = new Work();
    const failing = turns.take(1, async () => work.do(-1));
    const next = turns.take(1, async () => work.do(1));
    await work.end(-1);
    await expect(failing).rejects.toThrow('negative');
    await work.end(1);
    expect(await next).toBe(1);
  });
});
