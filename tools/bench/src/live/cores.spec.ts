import { coresOfParts, describeCores, NO_CORES } from './cores.js';

describe('the cores of the parts', () => {
  it.each([
    [[], NO_CORES],
    [[3], NO_CORES],
    [[0, 1], { server: 1, clients: 0, redis: 0, publisher: 0 }],
    [[0, 1, 2], { server: 2, clients: 1, redis: 0, publisher: 0 }],
    [[2, 4, 6, 8, 10], { server: 10, clients: 8, redis: 6, publisher: 4 }],
  ])('of %p leave the server alone on its own', (allowed, cores) => {
    expect(coresOfParts(allowed)).toEqual(cores);
  });

  it('are told', () => {
    expect(describeCores(coresOfParts([0, 1]))).toBe(
      'the server had core 1 to itself, clients on 0, Redis on 0, the publisher on 0',
    );
    expect(describeCores(NO_CORES)).toBe('no process was bound to a core');
  });
});
