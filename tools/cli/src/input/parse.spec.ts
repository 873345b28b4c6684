import { readImportLine } from './line.js';
import { detectFormat, parseLine } from './parse.js';

function json(line: string, format: 'ndjson' | 'follows' | 'posts', number = 1): unknown {
  const parsed = parseLine(line, format, number);
  return parsed.kind === 'send' ? JSON.parse(parsed.json) : parsed;
}

describe('detectFormat', () => {
  it.each([
    ['30\t1412', 'follows'],
    ['298960 105232 1', 'follows'],
    ['a b 0.5', 'follows'],
    ['1 2 1082040961', 'posts'],
    ['223789 213163 1341100972 MT', 'posts'],
    ['a,b,1082040961.5', 'posts'],
    ['  {"follow": ["a", "b"]}', 'ndjson'],
  ])('takes %j for %s', (line, format) => {
    expect(detectFormat(line)).toBe(format);
  });
});

describe('parseLine', () => {
  it('makes follows of edges', () => {
    expect(json('30\t1412\r', 'follows')).toEqual({ follow: ['30', '1412'] });
    expect(json('a b 17', 'follows')).toEqual({ follow: ['a', 'b'] });
    expect(json('a b 1082040961', 'follows')).toEqual({ follow: ['a', 'b'] });
  });

  it('makes posts of events, each with a text that only its line has', () => {
    expect(json('376989 50329 1341101181 RT', 'posts', 12_345)).toEqual({
      post: { author: '376989', text: 'RT @50329 #12345', at: '2012-07-01T00:06:21.000Z' },
    });
    expect(json('1 2 1082040961.25', 'posts', 7)).toEqual({
      post: { author: '1', text: '@2 #7', at: '2004-04-15T14:56:01.250Z' },
    });
  });

  it('passes NDJSON on as it is', () => {
    const line = '{"post":{"author":"a","text":" \\u00e9 "}}';
    expect(parseLine(`${line}\r`, 'ndjson', 1)).toEqual({ kind: 'send', json: line });
  });

  it.each(['', '   ', '# from to', '  # indented', 'end'])('skips %j', (line) => {
    expect(parseLine(line, 'follows', 1)).toEqual({ kind: 'skip' });
  });

  it('leaves self-loops out', () => {
    expect(parseLine('a a 3', 'follows', 1)).toEqual({ kind: 'self' });
  });

  it.each([
    ['a', 'follows'],
    ['a b c', 'follows'],
    ['a b 1 2', 'follows'],
    ['a b', 'posts'],
    ['a b yesterday', 'posts'],
    ['a b 999999999999999', 'posts'],
    ['a b 1082040961 RT more', 'posts'],
  ] as const)('refuses %j among %s', (line, format) => {
    expect(parseLine(line, format, 1).kind).toBe('bad');
  });
});

describe('readImportLine', () => {
  it('reads what the system takes', () => {
    expect(readImportLine('{"follow":["a","b"]}')).toEqual({ follow: ['a', 'b'] });
    expect(readImportLine('{"post":{"author":"a","text":"t"}}')).toEqual({
      post: { author: 'a', text: 't' },
    });
  });

  it.each([
    '{',
    'null',
    '5',
    '{}',
    '{"follow":"a"}',
    '{"follow":["a"]}',
    '{"follow":["a",1]}',
    '{"post":{"author":"a"}}',
    '{"post":{"author":"a","text":"t","mood":"good"}}',
    '{"post":{"author":"a","text":"t"},"follow":["a","b"]}',
  ])('takes nothing from %s', (line) => {
    expect(readImportLine(line)).toBeUndefined();
  });
});
