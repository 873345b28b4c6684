import { coresOfParts, describeCores, NO_CORES } from './cores.js';

describe('the cores of the parts', () => {
  it('leave one to the server', () => {
    expect(coresOfParts([0, 1])).toEqual({ server: 1, load: 0, redis: 0 });
    expect(coresOfParts([2, 3, 5, 7])).toEqual({ server: 7, load: 5, redis: 3 });
  });

  it('are none where there are not two', () => {
    expect(coresOfParts([0])).toEqual(NO_CORES);
    expect(coresOfParts([])).toEqual(NO_CORES);
  });

  it('are told', () => {
    expect(describeCores({ server: 1, load: 0, redis: 0 })).toBe(
      'the server had core 1 to itself, the load and Redis shared core 0',
    );
    expect(describeCores({ server: 2, load: 1, redis: 0 })).toContain('the load had core 1, Redis core 0');
    expect(describeCores(NO_CORES)).toBe('no process was bound to a core');
  });
});
