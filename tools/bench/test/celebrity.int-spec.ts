import { CONTESTANTS } from '../src/celebrity/contestants.js';
import type { TurnFigures } from '../src/celebrity/figures.js';
import type { Result } from '../src/shared/rounds.js';
import { PageFolder } from './measuring.js';

const folder = new PageFolder();

describe('bench celebrity', () => {
  it('has all readers see the posts of celebrities, and of others, and draws a picture', async () => {
    const { section, figures } = await folder.measure('celebrity');
    const window = {
      posts: { p99Ms: expect.any(Number) as unknown },
      pages: { p99Ms: expect.any(Number) as unknown },
    };
    const celebrities = [100, 2000].map((followers) => ({
      ...window,
      followers,
      allMs: expect.any(Number) as unknown,
    }));
    // A contestant has figures where the pages had what they were to have.
    expect(figures.results as Result<TurnFigures>[]).toMatchObject(
      CONTESTANTS.map(({ name }) => ({ contestant: name, turns: [{ quiet: window, celebrities }] })),
    );
    expect(section).not.toMatch(/\| +no figures/);
    folder.expectPictures(section);
  }, 120_000);
});
