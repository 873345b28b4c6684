import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { main } from '../src/main.js';
import { readSection } from '../src/shared/page.js';

const ROOT = join(__dirname, '../../..');
const PRETTIER = join(ROOT, 'node_modules/prettier/bin/prettier.cjs');

/** What a suite has written. */
export interface Written {
  readonly section: string;
  readonly figures: Readonly<Record<string, unknown>>;
}

/** A folder with a copy of the page, which suites are run for. */
export class PageFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'bench-'));
  private readonly page = join(this.path, 'page.md');

  constructor() {
    copyFileSync(join(ROOT, 'docs/benchmarks.md'), this.page);
  }

  /** Runs a suite with small numbers, as the command does. Answers the exit code, and what it complained of. */
  async run(suite: string): Promise<{ readonly code: number; readonly complaints: readonly string[] }> {
    const complaints: string[] = [];
    const code = await main([suite, '--quick', '--page', this.page], {
      print: () => undefined,
      complain: (line) => void complaints.push(line),
    });
    return { code, complaints };
  }

  /** The same for one that is to have no complaints, and to write as prettier does. */
  async measure(suite: string): Promise<Written> {
    const { code, complaints } = await this.run(suite);
    expect(complaints.filter((line) => line.startsWith('bench:'))).toEqual([]);
    expect(code).toBe(0);
    const figures = join(this.path, `page.${suite}.json`);
    const args = [PRETTIER, '--check', '--config', join(ROOT, '.prettierrc.json'), this.page, figures];
    expect(() => execFileSync(process.execPath, args, { stdio: 'pipe' })).not.toThrow();
    const section = readSection(readFileSync(this.page, 'utf8'), suite);
    expect(section).toMatch(/^\*\*This was a quick run/);
    return { section, figures: JSON.parse(readFileSync(figures, 'utf8')) as Record<string, unknown> };
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
