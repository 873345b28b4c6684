import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { CONTESTANTS } from '../src/live/contestant.js';
import { expectFigures, PageFolder, rowsBelow } from './measuring.js';

const folder = new PageFolder();

describe('bench live', () => {
  it('lets everybody have each post, and tells what that took', async () => {
    const { section, figures } = await folder.measure('live');
    expectFigures(figures.results, CONTESTANTS);
    const tables = {
      'Until everybody has the post': 4,
      'What a post costs': 4,
      'What an idle connection costs': 3,
    };
    for (const [heading, columns] of Object.entries(tables)) {
      const rows = rowsBelow(heading, section);
      expect(rows.map(([contestant]) => contestant)).toEqual(CONTESTANTS.map(({ name }) => name));
      const cells = rows.flatMap(([, ...figuresOfRow]) => figuresOfRow);
      expect(cells).toHaveLength(CONTESTANTS.length * columns);
      // Of few connections the memory is lost in what comes and goes.
      expect(cells.filter((cell) => !/^-?[\d,.]+$/.test(cell))).toEqual([]);
    }
    // So that what a run waits for in vain is told by the run.
  }, 180_000);

  it('does not measure for a page that has no place for the figures', async () => {
    writeFileSync(folder.page, readFileSync(folder.page, 'utf8').replace('<!-- generated:live -->', ''));
    const { code, complaints } = await folder.run('live');
    expect(complaints).toContain('the page has no place for what is generated: <!-- generated:live -->');
    expect(code).toBe(1);
    expect(existsSync(join(folder.path, 'page.live.json'))).toBe(false);
  });
});

describe('bench', () => {
  it('explains its use', async () => {
    expect(await folder.run('--help')).toMatchObject({
      code: 0,
      printed: expect.stringMatching(/^ {2}live .*5,000 connections/m) as unknown,
    });
    for (const argv of [['death'], ['live', 'death'], ['live', '--slow']]) {
      const { code, complaints } = await folder.run(...argv);
      expect(complaints).toContain('--help says more');
      expect(code).toBe(2);
    }
  });
});
