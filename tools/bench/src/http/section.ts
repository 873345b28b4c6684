import { barChart } from '../shared/bar-chart.js';
import { type Bar, barTable } from '../shared/bars.js';
import { paragraph } from '../shared/markdown.js';
import { type Column, resultTable } from '../shared/result-table.js';
import { describeRounds, type Result } from '../shared/rounds.js';
import { counted, whole } from '../shared/statistics.js';
import { pictureFile } from '../suite.js';
import { type Commands, describeCommands } from './commands.js';
import { type Contest, FASTIFY, POST_SERVICE, TIMELINE_SERVICE } from './contest.js';
import type { TurnFigures } from './figures.js';
import { notes } from './notes.js';
import { type Plan, TEXT_LENGTH } from './plan.js';

/** A contest with what it has come to. */
export interface ContestResults extends Pick<Contest, 'name' | 'title' | 'route'> {
  readonly commands: Commands;
  readonly rate: number;
  readonly contestants: readonly Result<TurnFigures>[];
}

const PER_CORE: Column<TurnFigures> = [
  'Requests/s per core',
  ({ perCpuSecond }: TurnFigures): number => perCpuSecond,
];

const COLUMNS: readonly Column<TurnFigures>[] = [
  PER_CORE,
  ['Server, µs of CPU', ({ serverCpuUs }) => serverCpuUs],
  ['Redis, µs of CPU', ({ redisCpuUs }) => redisCpuUs],
  ['p50, ms', ({ p50Ms }) => p50Ms],
  ['p99, ms', ({ p99Ms }) => p99Ms],
  ['Longest, ms', ({ maxMs }) => maxMs],
];

/** What is asked of the services beside a plain server that asks the same of Redis. */
const LEAST = 0.7;

const BARS: Readonly<Record<Contest['name'], readonly Bar<TurnFigures>[]>> = {
  page: [bar(TIMELINE_SERVICE)],
  refresh: [],
  post: [bar(POST_SERVICE)],
};

function bar(ours: string): Bar<TurnFigures> {
  return { what: 'requests/s per core', ours, theirs: FASTIFY, figure: PER_CORE[1], atLeast: LEAST };
}

/** Everything that was measured, with how. */
export function httpSection(results: readonly ContestResults[], plan: Plan, measuredBy: string): string {
  return [
    howMeasured(plan, measuredBy),
    ...results.flatMap(contestSection),
    '### What the figures of the services are',
    notes(),
  ].join('\n\n');
}

/** Of requests per second and core. */
export function httpPictures(results: readonly ContestResults[]): Record<string, string> {
  return Object.fromEntries(
    results
      .filter(({ name }) => BARS[name].length > 0)
      .map(({ name, title, contestants }) => [
        name,
        barChart({ title: `${title}: requests/s per core`, results: contestants, column: PER_CORE }),
      ]),
  );
}

function contestSection({ name, title, route, commands, rate, contestants }: ContestResults): string[] {
  const bars = BARS[name];
  return [
    `### ${title}`,
    paragraph(
      `\`${route}\`. For each Redis runs ${describeCommands(commands)}. The latencies are at ${whole(rate)} requests a second.`,
    ),
    resultTable(contestants, COLUMNS),
    ...(bars.length === 0
      ? []
      : [`![${title}: requests/s per core](${pictureFile('http', name)})`, barTable(contestants, bars)]),
  ];
}

function howMeasured(
  { readers, followed, authors, postsOfAuthor, rounds }: Plan,
  measuredBy: string,
): string {
  return paragraph(
    `${whole(readers)} readers follow ${followed} of ${authors} authors each, and have ${followed * postsOfAuthor} posts in
    their timelines, of ${TEXT_LENGTH} characters each. ${measuredBy}. ${describeRounds(counted(rounds, 'round'))}. A contestant
    that answers anything but what it should, or has Redis run anything but what the library does, gets no figures.`,
  );
}
