import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { main } from '../src/main.js';
import { readSection } from '../src/shared/page.js';
import type { Result } from '../src/shared/rounds.js';
import type { TurnFigures } from '../src/transport/figures.js';

const ROOT = join(__dirname, '../../..');
const CONTESTANTS = [
  'redis-streams-transport, Streams',
  'BullMQ',
  'redis-streams-transport, Pub/Sub',
  'NestJS, Redis',
];

let folder: string;
let copy: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-'));
  copy = join(folder, 'page.md');
  copyFileSync(join(ROOT, 'docs/benchmarks.md'), copy);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The first cells of the rows of the table below a heading, and all others. */
function tableBelow(heading: string, text: string): { readonly names: string[]; readonly cells: string[] } {
  const [, below = ''] = text.split(`### ${heading}\n`);
  const [, lines = ''] = /\n(\|[^]*?)\n\n/.exec(below) ?? [];
  const rows = lines
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return { names: rows.map(([name = '']) => name), cells: rows.flatMap(([, ...cells]) => cells) };
}

describe('bench transport', () => {
  it('has every event handled once, and writes a page that stays as prettier has it', async () => {
    const complaints: string[] = [];
    const code = await main(['transport', '--quick', '--page', copy], {
      print: () => undefined,
      complain: (line) => void complaints.push(line),
    });
    expect(complaints.filter((line) => line.startsWith('bench:'))).toEqual([]);
    expect(code).toBe(0);

    const figuresFile = join(folder, 'page.transport.json');
    const { results } = JSON.parse(readFileSync(figuresFile, 'utf8')) as { results: Result<TurnFigures>[] };
    expect(results).toEqual(
      CONTESTANTS.map((contestant) => ({ contestant, turns: [expect.any(Object) as unknown] })),
    );

    const section = readSection(readFileSync(copy, 'utf8'), 'transport');
    expect(section).toMatch(/^\*\*This was a quick run/);
    const tables = {
      'Events as fast as they go': [CONTESTANTS, 5],
      '500 events a second': [CONTESTANTS, 5],
      'A backlog, sent': [CONTESTANTS.slice(0, 2), 5],
      'A backlog, handled': [CONTESTANTS.slice(0, 2), 4],
    } as const;
    for (const [heading, [contestants, columns]] of Object.entries(tables)) {
      const { names, cells } = tableBelow(heading, section);
      expect(names).toEqual(contestants);
      expect(cells).toHaveLength(contestants.length * columns);
      expect(cells.filter((cell) => !(Number(cell.replaceAll(',', '')) > 0))).toEqual([]);
    }
    const pictures = readdirSync(folder).filter((file) => file.endsWith('.svg'));
    expect(pictures.map((file) => section.includes(`(${file})`))).toEqual([true, true]);

    const prettier = join(ROOT, 'node_modules/prettier/bin/prettier.cjs');
    const args = [prettier, '--check', '--config', join(ROOT, '.prettierrc.json'), copy, figuresFile];
    expect(() => execFileSync(process.execPath, args, { stdio: 'pipe' })).not.toThrow();
    // So that what a run waits for in vain is told by the run.
  }, 180_000);
});
