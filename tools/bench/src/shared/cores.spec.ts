import { type Cores, coresOf, describeCores, type Part } from './cores.js';

const SERVING: readonly Part[] = ['server', 'clients', 'redis', 'publisher'];

describe('the cores of parts', () => {
  it.each([
    [[], {}],
    [[3], {}],
    [[0, 1], { server: 1, clients: 0, redis: 0, publisher: 0 }],
    [[0, 1, 2], { server: 2, clients: 1, redis: 0, publisher: 0 }],
    [[2, 4, 6, 8, 10], { server: 10, clients: 8, redis: 6, publisher: 4 }],
  ])('of %p are the last ones, and one is for the first part alone', (allowed, cores) => {
    expect(coresOf(SERVING, allowed)).toEqual(cores);
    expect(Object.keys(coresOf(SERVING, allowed))).toEqual(Object.keys(cores));
  });

  it.each<[Cores, string]>([
    [{}, 'no process was bound to a core'],
    [{ redis: 1, client: 0 }, 'Redis had core 1 to itself, what is measured core 0'],
    [
      { server: 1, clients: 0, redis: 0, publisher: 0 },
      'the server had core 1 to itself, the clients, Redis and the publisher shared core 0',
    ],
    [
      { redis: 2, consumer: 1, producer: 0 },
      'Redis had core 2 to itself, the consumer core 1, the producer core 0',
    ],
  ])('%p are told', (cores, told) => {
    expect(describeCores(cores)).toBe(told);
  });
});
