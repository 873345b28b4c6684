import { LineNumbers } from './line-numbers.js';

function numbered(...fileLines: number[]): LineNumbers {
  const numbers = new LineNumbers();
  for (const line of fileLines) numbers.add(line);
  return numbers;
}

describe('LineNumbers', () => {
  it('finds the line of the file past what was skipped', () => {
    const numbers = numbered(3, 4, 5, 8, 9, 20);
    expect([1, 2, 3, 4, 5, 6].map((line) => numbers.fileLineOf(line))).toEqual([3, 4, 5, 8, 9, 20]);
    expect(numbers.count).toBe(6);
  });

  it('stays small however often lines are skipped, and right for what is not acknowledged', () => {
    const numbers = new LineNumbers();
    for (let line = 1; line <= 300_000; line++) {
      numbers.add(2 * line);
      numbers.acknowledge(line - 1000);
    }
    expect(numbers.breakCount).toBeLessThanOrEqual(100_001);
    expect(numbers.fileLineOf(299_500)).toBe(599_000);
  });
});
