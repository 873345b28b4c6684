import { CONTESTANTS } from '../src/mix/contestants.js';
import { expectFigures, PageFolder } from './measuring.js';

const folder = new PageFolder();

describe('bench mix', () => {
  it('has every contestant show what is due, on pages and refreshes, and draws a picture', async () => {
    const { section, figures } = await folder.measure('mix');
    expectFigures(figures.pages, CONTESTANTS);
    expectFigures(figures.refreshes, CONTESTANTS);
    for (const { name } of CONTESTANTS) expect(section.split(`\n| ${name} `)).toHaveLength(3);
    expect(section).not.toContain('no figures |');
    folder.expectPictures(section);
  }, 120_000);
});
