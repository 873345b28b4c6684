import { LISTS, OURS } from '../fanout/contestants.js';
import { barChart } from '../shared/bar-chart.js';
import { type Bar, barTable } from '../shared/bars.js';
import { paragraph } from '../shared/markdown.js';
import { type Column, resultTable, turnsOf } from '../shared/result-table.js';
import { describeRounds, type Result } from '../shared/rounds.js';
import { counted, whole } from '../shared/statistics.js';
import { pictureFile } from '../suite.js';
import type { CelebrityFigures, TurnFigures, WindowFigures } from './figures.js';
import { notes } from './notes.js';
import type { Plan } from './plan.js';

const POSTS: readonly Column<WindowFigures>[] = [
  ['Small posts, p50, ms', ({ posts }) => posts.p50Ms],
  ['p99, ms', ({ posts }) => posts.p99Ms],
  ['Longest, ms', ({ posts }) => posts.maxMs],
];

const PAGES: readonly Column<WindowFigures>[] = [
  ['Pages, p50, ms', ({ pages }) => pages.p50Ms],
  ['p99, ms', ({ pages }) => pages.p99Ms],
];

const QUIET: readonly Column<WindowFigures>[] = [
  ...POSTS,
  ...PAGES,
  ['Redis busy, %', ({ redisBusy }) => 100 * redisBusy],
  ['Clients busy, %', ({ clientBusy }) => 100 * clientBusy],
];

const UNTIL_ALL: Column<CelebrityFigures> = ['Until all can read it, ms', ({ allMs }) => allMs];

const CELEBRITY: readonly Column<CelebrityFigures>[] = [
  UNTIL_ALL,
  ...POSTS,
  ['p99 / without', ({ p99Ratio }) => p99Ratio],
  ...PAGES,
  ['Redis, ms of CPU', ({ extraRedisCpuMs }) => extraRedisCpuMs],
  ['Clients busy, %', ({ clientBusy }) => 100 * clientBusy],
];

/** Everything that was measured, with how. */
export function celebritySection(
  results: readonly Result<TurnFigures>[],
  plan: Plan,
  measuredBy: string,
): string {
  return [
    howMeasured(plan, measuredBy),
    '### Without a celebrity',
    resultTable(
      picked(results, ({ quiet }) => quiet),
      QUIET,
    ),
    ...plan.celebrities.flatMap((followers, i) => [
      `### A post to ${whole(followers)} followers`,
      resultTable(ofCelebrity(results, i), CELEBRITY),
    ]),
    `![${pictureTitle(plan)}](${pictureFile('celebrity', 'until-all')})`,
    '### Bars of celebrities',
    bars(results, plan),
    '### What the figures of celebrities are',
    notes(plan),
  ].join('\n\n');
}

/** Of the largest audience. */
export function celebrityPictures(
  results: readonly Result<TurnFigures>[],
  plan: Plan,
): Record<string, string> {
  const ofLargest = ofCelebrity(results, plan.celebrities.length - 1);
  return {
    'until-all': barChart({
      title: pictureTitle(plan),
      results: ofLargest,
      column: UNTIL_ALL,
      isLogarithmic: true,
    }),
  };
}

function pictureTitle({ celebrities }: Plan): string {
  return `Until ${whole(celebrities.at(-1) ?? 0)} followers can read a post, ms`;
}

/** What stands beside a figure of ours in a row of bars. */
const WITHOUT = 'the p99 without';

function bars(results: readonly Result<TurnFigures>[], { celebrities }: Plan): string {
  const largest = celebrities.length - 1;
  const untilAll = (contestant: string): Result<number> => ({
    contestant,
    turns: turnsOf(ofCelebrity(results, largest), contestant).map(({ allMs }) => allMs),
  });
  const ours = turnsOf(results, OURS);
  const p99s = celebrities.map((followers, i) => ({
    contestant: `small posts, p99, beside ${whole(followers)} followers`,
    turns: ours.map((turn) => turn.celebrities[i]?.posts.p99Ms ?? NaN),
  }));
  const quiet = { contestant: WITHOUT, turns: ours.map((turn) => turn.quiet.posts.p99Ms) };
  const untilBar = {
    ...bar(`until ${whole(celebrities[largest] ?? 0)} can read it`, LISTS, 1 / 20),
    ours: OURS,
  };
  return barTable(
    [untilAll(OURS), untilAll(LISTS), quiet, ...p99s],
    [untilBar, ...p99s.map(({ contestant }) => bar(contestant, WITHOUT, 2))],
  );
}

/** Figures that are called like the row stand beside others, in milliseconds. */
function bar(what: string, theirs: string, atMost: number): Bar<number> {
  return { what, ours: what, theirs, atMost, figure: (ms) => ms };
}

function ofCelebrity(results: readonly Result<TurnFigures>[], index: number): Result<CelebrityFigures>[] {
  return picked(results, ({ celebrities }) => celebrities[index]);
}

/** The same results with a part of each turn. */
function picked<F>(
  results: readonly Result<TurnFigures>[],
  part: (turn: TurnFigures) => F | undefined,
): Result<F>[] {
  return results.map((result) =>
    'turns' in result
      ? { contestant: result.contestant, turns: result.turns.flatMap((turn) => part(turn) ?? []) }
      : result,
  );
}

function howMeasured(
  { celebrities, postsPerSecond, pagesPerSecond, audience, rounds }: Plan,
  measuredBy: string,
): string {
  return paragraph(
    `A celebrity posts to ${celebrities.map(whole).join(', to ')} followers, while ${whole(postsPerSecond)} posts a second by
    authors with ${audience} followers each are published, and ${whole(pagesPerSecond)} pages a second are read. ${measuredBy}.
    ${describeRounds(counted(rounds, 'round'))}. A contestant whose readers lack a post on their pages gets no figures.`,
  );
}
