import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CONTESTANTS } from '../src/mix/contestants.js';
import type { Result } from '../src/shared/rounds.js';
import { PageFolder } from './measuring.js';

let folder: PageFolder;
beforeEach(() => {
  folder = new PageFolder();
});
afterEach(() => {
  folder.remove();
});

describe('bench mix', () => {
  it('has every contestant show what is due, on pages and refreshes, and draws a picture', async () => {
    const { section, figures } = await folder.measure('mix');
    for (const checks of ['pages', 'refreshes']) {
      // A contestant has figures where its pages were right.
      expect((figures[checks] as Result<unknown>[]).map((result) => Object.keys(result))).toEqual(
        CONTESTANTS.map(() => ['contestant', 'turns']),
      );
    }
    for (const { name } of CONTESTANTS) expect(section.split(`\n| ${name} `)).toHaveLength(3);
    expect(section).not.toContain('no figures |');
    const pictures = [...section.matchAll(/!\[.*\]\((.*)\)/g)].map(([, file]) => file);
    expect(pictures).toEqual(readdirSync(folder.path).filter((file) => file.endsWith('.svg')));
    expect(readFileSync(join(folder.path, pictures[0] ?? ''), 'utf8')).toMatch(
      /^<svg [^]*redis-fanout[^]*<\/svg>$/,
    );
  }, 120_000);
});
