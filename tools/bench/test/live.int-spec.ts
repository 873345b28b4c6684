import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TurnFigures } from '../src/live/figures.js';
import { main } from '../src/main.js';
import { readSection } from '../src/shared/page.js';
import type { Result } from '../src/shared/rounds.js';

const ROOT = join(__dirname, '../../..');
const PAGE = join(ROOT, 'docs/benchmarks.md');
const CONTESTANTS = [
  'notifier, WebSocket',
  'notifier, Server-Sent Events',
  'Socket.IO, Redis Streams adapter',
  'ws, Redis Pub/Sub',
];

let folder: string;
let copy: string;
let figuresFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-'));
  copy = join(folder, 'page.md');
  figuresFile = join(folder, 'page.live.json');
  copyFileSync(PAGE, copy);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function bench(...argv: string[]): Promise<{ code: number; printed: string; complaints: string }> {
  const printed: string[] = [];
  const complaints: string[] = [];
  const code = await main(argv, {
    print: (line) => void printed.push(line),
    complain: (line) => void complaints.push(line),
  });
  return { code, printed: printed.join('\n'), complaints: complaints.join('\n') };
}

/** The rows of the table below a heading. */
function rowsBelow(heading: string, text: string): string[][] {
  const [, below = ''] = text.split(`### ${heading}`);
  const [, lines = ''] = /\n\n(\|[^]*?)\n\n/.exec(below) ?? [];
  return lines
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('bench live', () => {
  it('lets everybody have each post, and writes a page that stays as prettier has it', async () => {
    const { code, printed, complaints } = await bench('live', '--quick', '--page', copy);
    expect(complaints).not.toContain('bench:');
    expect(printed).toContain(`${copy}: written`);
    expect(code).toBe(0);

    const { results } = JSON.parse(readFileSync(figuresFile, 'utf8')) as { results: Result<TurnFigures>[] };
    // A contestant has figures where everybody has had each post, once and in order.
    expect(results).toEqual(
      CONTESTANTS.map((contestant) => ({ contestant, turns: [expect.any(Object) as unknown] })),
    );

    const section = readSection(readFileSync(copy, 'utf8'), 'live');
    expect(section).toMatch(/^\*\*This was a quick run/);
    expect(section).toContain('`npm run bench -- live --quick`');
    const tables = {
      'Until everybody has the post': 4,
      'What a post costs': 4,
      'What an idle connection costs': 3,
    };
    for (const [heading, columns] of Object.entries(tables)) {
      const rows = rowsBelow(heading, section);
      expect(rows.map(([contestant]) => contestant)).toEqual(CONTESTANTS);
      expect(rows.flatMap(([, ...cells]) => cells)).toHaveLength(CONTESTANTS.length * columns);
      // Of few connections the memory is lost in what comes and goes.
      expect(rows.flatMap(([, ...cells]) => cells).filter((cell) => !/^-?[\d,.]+$/.test(cell))).toEqual([]);
    }

    const prettier = join(ROOT, 'node_modules/prettier/bin/prettier.cjs');
    const args = [prettier, '--check', '--config', join(ROOT, '.prettierrc.json'), copy, figuresFile];
    expect(() => execFileSync(process.execPath, args, { stdio: 'pipe' })).not.toThrow();
    // So that what a run waits for in vain is told by the run.
  }, 180_000);

  it('does not measure for a page that has no place for the figures', async () => {
    writeFileSync(copy, readFileSync(copy, 'utf8').replace('<!-- generated:live -->', ''));
    const { code, complaints } = await bench('live', '--page', copy);
    expect(complaints).toContain('the page has no place for what is generated: <!-- generated:live -->');
    expect(code).toBe(1);
    expect(existsSync(figuresFile)).toBe(false);
  });
});

describe('bench', () => {
  it('explains its use', async () => {
    expect(await bench('--help')).toMatchObject({
      code: 0,
      printed: expect.stringMatching(/^ {2}live .*5,000 connections/m) as unknown,
    });
    for (const argv of [['death'], ['live', 'death'], ['live', '--slow']]) {
      const { code, complaints } = await bench(...argv);
      expect(complaints).toContain('--help says more');
      expect(code).toBe(2);
    }
  });
});
