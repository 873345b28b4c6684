import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { main } from '../src/main.js';
import { readSection } from '../src/shared/page.js';
import type { Named, Result } from '../src/shared/rounds.js';

const ROOT = join(__dirname, '../../..');
const PRETTIER = join(ROOT, 'node_modules/prettier/bin/prettier.cjs');

/** What a command has come to. */
interface Run {
  readonly code: number;
  readonly printed: string;
  readonly complaints: string;
}

/** What a suite has written. */
interface Written {
  readonly section: string;
  readonly figures: Readonly<Record<string, unknown>>;
}

/** A folder with a copy of a page, for each test of a file, in which a command is run. */
export class PageFolder {
  path = '';

  constructor(
    private readonly command: typeof main = main,
    document = 'docs/benchmarks.md',
  ) {
    beforeEach(() => {
      this.path = mkdtempSync(join(tmpdir(), 'bench-'));
      copyFileSync(join(ROOT, document), this.page);
    });
    afterEach(() => {
      rmSync(this.path, { recursive: true, force: true });
    });
  }

  get page(): string {
    return join(this.path, 'page.md');
  }

  async run(...argv: string[]): Promise<Run> {
    const printed: string[] = [];
    const complaints: string[] = [];
    const code = await this.command([...argv, '--page', this.page], {
      print: (line) => void printed.push(line),
      complain: (line) => void complaints.push(line),
    });
    return { code, printed: printed.join('\n'), complaints: complaints.join('\n') };
  }

  /** Runs a suite with small numbers, which is to have no complaints, and to write as prettier does. */
  async measure(suite: string): Promise<Written> {
    const { code, printed, complaints } = await this.run(suite, '--quick');
    expect(complaints).not.toContain('bench:');
    expect(printed).toContain(`${this.page}: written`);
    expect(code).toBe(0);
    const file = join(this.path, `page.${suite}.json`);
    this.expectPretty(this.page, file);
    const section = readSection(readFileSync(this.page, 'utf8'), suite);
    expect(section).toMatch(/^\*\*This was a quick run/);
    expect(section.replace(/\s+/g, ' ')).toContain(`by \`npm run bench -- ${suite} --quick\` at `);
    const figures = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const setting = { machine: expect.stringContaining('Redis') as unknown, cores: {} };
    expect(figures).toMatchObject({ plan: { quick: true }, setting });
    return { section, figures };
  }

  expectPretty(...files: string[]): void {
    const args = [PRETTIER, '--check', '--config', join(ROOT, '.prettierrc.json'), ...files];
    expect(() => execFileSync(process.execPath, args, { stdio: 'pipe' })).not.toThrow();
  }

  /** The pictures in a section are those in the folder, and show something. */
  expectPictures(section: string): void {
    const pictures = [...section.matchAll(/!\[.*\]\((.*)\)/g)].map(([, file = '']) => file);
    expect(pictures.toSorted()).toEqual(readdirSync(this.path).filter((file) => file.endsWith('.svg')));
    expect(pictures).not.toEqual([]);
    for (const file of pictures) {
      expect(readFileSync(join(this.path, file), 'utf8')).toMatch(/^<svg [^]*<text[^]*<\/svg>$/);
    }
  }
}

/** A contestant has figures where it has done everything right: so have all. */
export function expectFigures(results: unknown, contestants: readonly Named[]): void {
  expect(results as Result<unknown>[]).toEqual(
    contestants.map(({ name }) => ({ contestant: name, turns: [expect.any(Object) as unknown] })),
  );
}

/** The cells of the rows of the table below a heading. */
export function rowsBelow(heading: string, text: string): string[][] {
  const [, below = ''] = text.split(`### ${heading}`);
  const [, lines = ''] = /\n\n(\|[^]*?)\n\n/.exec(below) ?? [];
  const rows = lines.split('\n').slice(2);
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
