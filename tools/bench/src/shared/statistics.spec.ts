import { quantile, spread, threeDigits } from './statistics.js';

describe('quantile', () => {
  it.each([
    [0, 1],
    [0.5, 3],
    [0.8, 4],
    [0.81, 5],
    [0.99, 5],
    [1, 5],
  ])('of %p is a value that was measured', (fraction, expected) => {
    expect(quantile([5, 3, 1, 4, 2], fraction)).toBe(expected);
  });

  it('refuses to make something of nothing', () => {
    expect(() => quantile([], 0.5)).toThrow('nothing was measured');
  });
});

describe('spread', () => {
  it('tells the median and the range', () => {
    expect(spread([12.34, 900, 11])).toBe('12.3 (11–900)');
  });

  it('tells what is the same once', () => {
    expect(spread([1234, 1230, 1229])).toBe('1,230');
  });
});

describe('threeDigits', () => {
  it.each([
    [0.012345, '0.0123'],
    [4.567, '4.57'],
    [123_456, '123,000'],
    [0, '0'],
  ])('writes %p', (value, expected) => {
    expect(threeDigits(value)).toBe(expected);
  });
});
