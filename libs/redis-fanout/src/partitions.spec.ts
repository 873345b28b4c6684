import calculateSlot from 'cluster-key-slot';
import fc from 'fast-check';

import { hashTags, partitionOfUser } from './partitions.js';

describe('hashTags', () => {
  it.each([8, 12, 32, 64])(
    'spreads %p partitions evenly over any number of nodes that they are divided by',
    (partitions) => {
      for (const nodes of [1, 2, 4]) {
        const counts = new Array<number>(nodes).fill(0);
        for (const tag of hashTags(partitions)) {
          counts[Math.floor((calculateSlot(`prefix:{${tag}}:key`) * nodes) / 16_384)]! += 1;
        }
        expect(counts).toEqual(new Array<number>(nodes).fill(partitions / nodes));
      }
    },
  );

  it('leaves no node of three with more than one partition more than another', () => {
    const counts = [0, 0, 0];
    for (const tag of hashTags(8)) counts[Math.floor((calculateSlot(tag) * 3) / 16_384)]! += 1;
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it('gives every partition a tag of its own, always the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), (partitions) => {
        const tags = hashTags(partitions);
        expect(new Set(tags).size).toBe(partitions);
        expect(hashTags(partitions)).toEqual(tags);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses what three digits cannot name', () => {
    expect(() => hashTags(1000)).toThrow('from 1 to 999');
    expect(() => hashTags(0)).toThrow('from 1 to 999');
  });
});

describe('partitionOfUser', () => {
  it('is the CRC-32 of the id, modulo the partitions', () => {
    // The check value of CRC-32: that of `123456789` is cbf43926.
    expect(partitionOfUser('123456789', 999)).toBe(0xcbf43926 % 999);
  });
});
