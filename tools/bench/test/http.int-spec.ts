import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ContestResults } from '../src/http/section.js';
import { main } from '../src/main.js';
import { readSection } from '../src/shared/page.js';

const ROOT = join(__dirname, '../../..');
const PAGE = join(ROOT, 'docs/benchmarks.md');
const READING = ['timeline-service', 'Fastify and the library', 'Fastify'];
const CONTESTS = [
  { title: 'A page of 50 posts', contestants: READING },
  { title: 'A refresh that finds nothing new', contestants: ['timeline-service', 'Fastify'] },
  { title: 'A post', contestants: ['post-service', 'Fastify and the library', 'Fastify'] },
];

let folder: string;
let copy: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-'));
  copy = join(folder, 'page.md');
  copyFileSync(PAGE, copy);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function bench(...argv: string[]): Promise<{ code: number; complaints: string }> {
  const complaints: string[] = [];
  const terminal = { print: () => undefined, complain: (line: string) => void complaints.push(line) };
  return { code: await main([...argv, '--page', copy], terminal), complaints: complaints.join('\n') };
}

describe('bench http', () => {
  it('has the same answers and commands of all, and writes a page that stays as prettier has it', async () => {
    const { code, complaints } = await bench('http', '--quick');
    expect(complaints).not.toContain('bench:');
    expect(code).toBe(0);

    const figuresFile = join(folder, 'page.http.json');
    const { results } = JSON.parse(readFileSync(figuresFile, 'utf8')) as { results: ContestResults[] };
    // A contestant has figures where every answer was right, and Redis was asked what the library asks.
    expect(results.map(({ title, contestants }) => ({ title, contestants }))).toEqual(
      CONTESTS.map(({ title, contestants }) => ({
        title,
        contestants: contestants.map((contestant) => ({
          contestant,
          turns: [expect.objectContaining({ perCpuSecond: expect.any(Number) as unknown })],
        })),
      })),
    );
    const [page, , post] = results;
    expect(page?.commands).toEqual({ LRANGE: 2, LINDEX: 1, SINTER: 1, MGET: 1 });
    expect(post?.commands).toMatchObject({ EVALSHA: 1, XADD: 1 });

    const section = readSection(readFileSync(copy, 'utf8'), 'http');
    expect(section).toMatch(/^\*\*This was a quick run/);
    for (const { title } of CONTESTS) expect(section).toContain(`### ${title}\n`);
    expect(section).not.toMatch(/\| +no figures/);
    for (const picture of ['page', 'post']) {
      expect(section).toContain(`(benchmarks.http.${picture}.svg)`);
      expect(existsSync(join(folder, `benchmarks.http.${picture}.svg`))).toBe(true);
    }

    const prettier = join(ROOT, 'node_modules/prettier/bin/prettier.cjs');
    const args = [prettier, '--check', '--config', join(ROOT, '.prettierrc.json'), copy, figuresFile];
    expect(() => execFileSync(process.execPath, args, { stdio: 'pipe' })).not.toThrow();
  }, 180_000);
});
