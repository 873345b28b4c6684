import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { makeGraph } from './graph.js';
import { readAuthors, readFollows } from './recording.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recording-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function packed(text: string): string {
  const file = join(folder, 'lines.gz');
  writeFileSync(file, gzipSync(text));
  return file;
}

describe('a recorded network', () => {
  it('has the followers of each user once', () => {
    const followers = readFollows(packed('1 0 1\n3 0 2\n1 0 5\n0 3 1\n'));
    expect(followers.map((each) => [...each])).toEqual([[1, 3], [], [], [0]]);
  });

  it('is a graph in which those who follow anybody are active', () => {
    const graph = makeGraph({ kind: 'recorded', file: packed('1 0 1\n4 0 2\n') });
    expect([0, 1, 2, 3, 4].filter(graph.isActive)).toEqual([1, 4]);
    expect(graph.follows).toBe(2);
  });

  it.each([
    ['1 0 1\n2\n', /line 2: '2' does not begin with 2 users/],
    ['one 0 1\n', /line 1/],
    ['-1 0 1\n', /line 1/],
    ['4000000 0 1\n', /line 1/],
  ])('is refused where a line is none: %j', (text, message) => {
    expect(() => readFollows(packed(text))).toThrow(message);
  });
});

describe('a recorded log', () => {
  it('has an author for each event, in order', () => {
    expect(
      readAuthors(packed('223789 213163 1341100972 MT\n7 1 1341100972 RE\n223789 1 1341101181 RT\n')),
    ).toEqual([223789, 7, 223789]);
  });
});
