import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CONTESTANTS } from '../src/fanout/contestants.js';
import { main } from '../src/main.js';
import { readSection } from '../src/shared/page.js';
import type { Result } from '../src/shared/rounds.js';

const ROOT = join(__dirname, '../../..');
const PRETTIER = join(ROOT, 'node_modules/prettier/bin/prettier.cjs');

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

/** Runs a suite with small numbers. Answers its section, and its figures. */
async function measure(suite: string): Promise<{ section: string; figures: Record<string, unknown> }> {
  const complaints: string[] = [];
  const code = await main([suite, '--quick', '--page', copy], {
    print: () => undefined,
    complain: (line) => void complaints.push(line),
  });
  expect(complaints.filter((line) => line.startsWith('bench:'))).toEqual([]);
  expect(code).toBe(0);
  const files = [copy, join(folder, `page.${suite}.json`)];
  const args = [PRETTIER, '--check', '--config', join(ROOT, '.prettierrc.json'), ...files];
  expect(() => execFileSync(process.execPath, args, { stdio: 'pipe' })).not.toThrow();
  const section = readSection(readFileSync(copy, 'utf8'), suite);
  expect(section).toMatch(/^\*\*This was a quick run/);
  return {
    section,
    figures: JSON.parse(readFileSync(files[1] ?? '', 'utf8')) as Record<string, unknown>,
  };
}

describe('bench deliveries', () => {
  it('has every contestant fill timelines as they are to be, and draws a picture', async () => {
    const { section, figures } = await measure('deliveries');
    // A contestant has figures where its timelines were right.
    expect((figures.results as Result<unknown>[]).map((result) => Object.keys(result))).toEqual(
      CONTESTANTS.map(() => ['contestant', 'turns']),
    );
    for (const { name } of CONTESTANTS) expect(section).toContain(`| ${name} `);
    const pictures = [...section.matchAll(/!\[.*\]\((.*)\)/g)].map(([, file]) => file);
    expect(pictures).toEqual(readdirSync(folder).filter((file) => file.endsWith('.svg')));
    expect(readFileSync(join(folder, pictures[0] ?? ''), 'utf8')).toMatch(
      /^<svg [^]*redis-fanout[^]*<\/svg>$/,
    );
  }, 120_000);
});

describe('bench growth', () => {
  it('measures systems of several sizes', async () => {
    const { section, figures } = await measure('growth');
    const results = [figures.byReaders, figures.byPartitions].flat() as Result<unknown>[];
    expect(results).toHaveLength(6);
    expect(results.filter((result) => 'failure' in result)).toEqual([]);
    expect(section).not.toContain('no figures');
  }, 120_000);
});

describe('bench timelines', () => {
  it('measures entries and pages', async () => {
    const { section, figures } = await measure('timelines');
    expect(figures).toMatchObject({
      kept: [
        { length: 50, ours: expect.any(Number) as unknown },
        { length: 100, ours: expect.any(Number) as unknown },
      ],
    });
    expect((figures.reads as Result<unknown>[]).every((result) => 'turns' in result)).toBe(true);
    expect(section).not.toContain('no figures');
  }, 120_000);
});
