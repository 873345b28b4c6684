import { CONTESTANTS } from '../src/fanout/contestants.js';
import type { Result } from '../src/shared/rounds.js';
import type { FollowFigures } from '../src/timelines/follows.js';
import { expectFigures, PageFolder } from './measuring.js';

const folder = new PageFolder();

describe('bench deliveries', () => {
  it('has every contestant fill timelines as they are to be, and draws a picture', async () => {
    const { section, figures } = await folder.measure('deliveries');
    expectFigures(figures.results, CONTESTANTS);
    for (const { name } of CONTESTANTS) expect(section).toContain(`| ${name} `);
    folder.expectPictures(section);
  }, 120_000);
});

describe('bench growth', () => {
  it('measures systems of several sizes', async () => {
    const { section, figures } = await folder.measure('growth');
    const results = [figures.byReaders, figures.byPartitions].flat() as Result<unknown>[];
    expect(results).toHaveLength(8);
    expect(results.filter((result) => 'failure' in result)).toEqual([]);
    expect(section).not.toContain('no figures');
  }, 120_000);
});

describe('bench timelines', () => {
  it('measures entries, follows and pages', async () => {
    const { section, figures } = await folder.measure('timelines');
    expect(figures).toMatchObject({
      kept: [
        { length: 50, ours: expect.any(Number) as unknown },
        { length: 100, ours: expect.any(Number) as unknown },
      ],
    });
    const follows = figures.follows as FollowFigures[];
    expect(follows).toHaveLength(1);
    for (const { ours, plain } of follows) {
      // An intset of such numbers takes four bytes a member, and each follow is in two; ours have more keys.
      expect(plain).toBeGreaterThan(8);
      expect(ours).toBeGreaterThan(plain);
    }
    expect((figures.reads as Result<unknown>[]).every((result) => 'turns' in result)).toBe(true);
    expect((figures.largeReads as Result<unknown>[]).map((result) => 'turns' in result)).toEqual([
      true,
      true,
      true,
    ]);
    expect(section).not.toContain('no figures');
  }, 120_000);
});
