import { contestantsOf, nameOf } from '../src/activity/contestants.js';
import { QUICK_PLAN } from '../src/activity/plan.js';
import type { TurnFigures } from '../src/activity/turn.js';
import { BARE, OURS } from '../src/fanout/contestants.js';
import type { Result } from '../src/shared/rounds.js';
import { expectFigures, PageFolder } from './measuring.js';

const folder = new PageFolder();

describe('bench activity', () => {
  it('has every contestant fill the timelines of active readers, and keep no others', async () => {
    const { section, figures } = await folder.measure('activity');
    const results = figures.results as Result<TurnFigures>[];
    expectFigures(results, contestantsOf(QUICK_PLAN));
    for (const { name } of contestantsOf(QUICK_PLAN)) expect(section).toContain(`| ${name} `);
    expect(section).not.toMatch(/\| +no figures/);
    const bytesOf = (name: string): number => {
      const found = results.find(({ contestant }) => contestant === name);
      return found !== undefined && 'turns' in found ? (found.turns[0]?.timelineBytes ?? NaN) : NaN;
    };
    for (const contestant of [OURS, BARE]) {
      // Timelines are all about as long: what they take tells how many readers have one.
      const share = bytesOf(nameOf(contestant, 10)) / bytesOf(nameOf(contestant, 100));
      expect(share).toBeGreaterThan(0.05);
      expect(share).toBeLessThan(0.2);
    }
  }, 120_000);
});
