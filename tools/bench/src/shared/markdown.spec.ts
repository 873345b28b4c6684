import { bullets, table } from './markdown.js';

describe('table', () => {
  it('is as prettier writes it', () => {
    const rows = [
      ['a', '1'],
      ['longer', '12,345'],
    ];
    expect(table(['', 'No.'], rows, [1])).toBe(
      ['|        |    No. |', '| ------ | -----: |', '| a      |      1 |', '| longer | 12,345 |'].join('\n'),
    );
  });
});

describe('bullets', () => {
  it('break long lines', () => {
    const words = Array.from({ length: 30 }, (_, i) => `word-${i}`).join(' ');
    const lines = bullets([words, 'short']).split('\n');
    expect(lines.every((line) => line.length <= 120)).toBe(true);
    expect(lines.map((line) => line.slice(0, 2))).toEqual(['- ', '  ', '- ']);
    expect(lines.slice(0, 2).join(' ').replace(/\s+/g, ' ')).toBe(`- ${words}`);
  });
});
