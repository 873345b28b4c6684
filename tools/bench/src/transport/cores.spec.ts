import { coresOfParts, describeCores, NO_CORES } from './cores.js';

describe('the cores of the parts', () => {
  it.each([
    [[], NO_CORES],
    [[3], NO_CORES],
    [[0, 1], { redis: 1, consumer: 0, producer: 0 }],
    [[2, 4, 6, 8], { redis: 8, consumer: 6, producer: 4 }],
  ])('of %p leave Redis alone on its own', (allowed, cores) => {
    expect(coresOfParts(allowed)).toEqual(cores);
  });

  it('are told', () => {
    expect(describeCores(coresOfParts([0, 1]))).toBe(
      'Redis had core 1 to itself, the consumer and the producer shared core 0',
    );
    expect(describeCores(coresOfParts([0, 1, 2]))).toBe(
      'Redis had core 2 to itself, the consumer core 1, the producer core 0',
    );
    expect(describeCores(NO_CORES)).toBe('no process was bound to a core');
  });
});
