import { LISTS, OURS } from '../fanout/contestants.js';
import type { Result } from '../shared/rounds.js';
import type { TurnFigures, WindowFigures } from './figures.js';
import { QUICK_PLAN } from './plan.js';
import { celebrityPictures, celebritySection } from './section.js';

function windowOf(p99Ms: number): WindowFigures {
  return {
    seconds: 3,
    posts: { p50Ms: 1, p99Ms, maxMs: 2 * p99Ms },
    pages: { p50Ms: 1, p99Ms: 2 },
    redisCpuMs: 100,
    redisBusy: 0.25,
    clientBusy: 0.5,
  };
}

/** A turn in which the small posts waited so long, and the largest audience could read the celebrity's post after so long. */
function turnOf(p99Ms: number, allMs: number): TurnFigures {
  const celebrity = { ...windowOf(p99Ms), allMs, extraRedisCpuMs: 5, p99Ratio: p99Ms / 10 };
  return {
    quiet: windowOf(10),
    celebrities: [
      { ...celebrity, followers: 100, allMs: 1 },
      { ...celebrity, followers: 2000 },
    ],
  };
}

function rowsWith(text: string, section: string): string[] {
  return section.split('\n').filter((line) => line.includes(text));
}

describe('the section', () => {
  it('holds our times to those of lists, and small posts to those without a celebrity', () => {
    const results: Result<TurnFigures>[] = [
      { contestant: OURS, turns: [turnOf(15, 10)] },
      { contestant: LISTS, turns: [turnOf(90, 250)] },
    ];
    const section = celebritySection(results, QUICK_PLAN, 'Measured on a machine');
    expect(rowsWith('until 2,000 can read it', section)).toEqual([expect.stringMatching(/ 0\.04 \| yes /)]);
    expect(rowsWith('small posts, p99, beside', section)).toEqual([
      expect.stringMatching(/ 100 followers .* 1\.5 \| yes /),
      expect.stringMatching(/ 2,000 followers .* 1\.5 \| yes /),
    ]);
    expect(rowsWith(`| ${LISTS} `, section)).toHaveLength(3);
    expect(celebrityPictures(results, QUICK_PLAN)['until-all']).toContain(LISTS);
  });

  it('says where a bar is missed, and who has no figures', () => {
    const late = [{ contestant: OURS, turns: [turnOf(21, 20)] }];
    const failed = { contestant: LISTS, failure: 'the page of reader 8 lacks b' };
    const slow = celebritySection(
      [...late, { contestant: LISTS, turns: [turnOf(9, 250)] }],
      QUICK_PLAN,
      'Measured on a machine',
    );
    expect(rowsWith('until 2,000 can read it', slow)[0]).toContain('**no**');
    expect(rowsWith('beside 100 followers', slow)[0]).toContain('**no**');
    const without = celebritySection([...late, failed], QUICK_PLAN, 'Measured on a machine');
    expect(rowsWith('until 2,000 can read it', without)[0]).toContain('no figures');
    expect(rowsWith(`| ${LISTS} `, without)[0]).toContain('no figures');
  });
});
