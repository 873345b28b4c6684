import { bullets, paragraph, table } from './markdown.js';

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

describe('paragraph', () => {
  it.each(['11.', '1)', '-', '+', '*', '>', '##'])(
    'begins no line with %p, which would be no text there',
    (marker) => {
      for (let length = 1; length <= 30; length++) {
        const text = `${'x'.repeat(length)} ${`word ${marker} `.repeat(60)}end`;
        const lines = paragraph(text).split('\n');
        expect(lines.filter((line) => line.startsWith(`${marker} `))).toEqual([]);
        expect(lines.every((line) => line.length <= 120)).toBe(true);
        expect(lines.join(' ')).toBe(text);
      }
    },
  );
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
