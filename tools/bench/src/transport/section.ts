import { barChart } from '../shared/bar-chart.js';
import { barTable } from '../shared/bars.js';
import { paragraph } from '../shared/markdown.js';
import { type Column, resultTable } from '../shared/result-table.js';
import { describeRounds, type Result } from '../shared/rounds.js';
import { counted, whole } from '../shared/statistics.js';
import { pictureFile } from '../suite.js';
import { CONTESTANTS } from './contestant.js';
import { backlogOf, type TurnFigures } from './figures.js';
import { notes } from './notes.js';
import { BARS } from './our-bars.js';
import { EVENT_BYTES, type Plan } from './plan.js';

const FLOW: readonly Column<TurnFigures>[] = [
  ['Events/s', ({ flow }) => flow.perSecond],
  ['Producer, µs of CPU', ({ flow }) => flow.producerCpuUs],
  ['Consumer, µs of CPU', ({ flow }) => flow.consumerCpuUs],
  ['Redis, µs of CPU', ({ flow }) => flow.redisCpuUs],
  ['Bytes', ({ flow }) => flow.wireBytes],
];

const STEADY: readonly Column<TurnFigures>[] = [
  ['p50, ms', ({ steady }) => steady.medianMs],
  ['p99, ms', ({ steady }) => steady.p99Ms],
  ['Longest, ms', ({ steady }) => steady.maxMs],
  ['Consumer, µs of CPU', ({ steady }) => steady.consumerCpuUs],
  ['Redis, µs of CPU', ({ steady }) => steady.redisCpuUs],
];

const PRODUCING: readonly Column<TurnFigures>[] = [
  ['Events/s', (turn) => backlogOf(turn).producing.perSecond],
  ['Producer, µs of CPU', (turn) => backlogOf(turn).producing.producerCpuUs],
  ['Redis, µs of CPU', (turn) => backlogOf(turn).producing.redisCpuUs],
  ['Bytes', (turn) => backlogOf(turn).producing.wireBytes],
  ['Memory of Redis, bytes', (turn) => backlogOf(turn).waitingBytes],
];

const CONSUMING: readonly Column<TurnFigures>[] = [
  ['Events/s', (turn) => backlogOf(turn).consuming.perSecond],
  ['Consumer, µs of CPU', (turn) => backlogOf(turn).consuming.consumerCpuUs],
  ['Redis, µs of CPU', (turn) => backlogOf(turn).consuming.redisCpuUs],
  ['Bytes', (turn) => backlogOf(turn).consuming.wireBytes],
];

/** Everything that was measured, with how. */
export function transportSection(
  results: readonly Result<TurnFigures>[],
  plan: Plan,
  measuredBy: string,
): string {
  const keeping = results.filter(({ contestant }) => keepsEvents(contestant));
  return [
    howMeasured(plan, measuredBy),
    '### Events as fast as they go',
    resultTable(results, FLOW),
    `![Events a second](${pictureFile('transport', 'per-second')})`,
    `![Redis CPU for an event](${pictureFile('transport', 'redis-cpu')})`,
    `### ${whole(plan.rate)} events a second`,
    resultTable(results, STEADY),
    '### A backlog, sent',
    resultTable(keeping, PRODUCING),
    '### A backlog, handled',
    resultTable(keeping, CONSUMING),
    '### Bars of transports',
    barTable(results, BARS),
    '### What the figures of transports are',
    notes(plan),
  ].join('\n\n');
}

/** Of events as fast as they go. */
export function transportPictures(results: readonly Result<TurnFigures>[]): Record<string, string> {
  return {
    'per-second': barChart({
      title: 'Events a second',
      results,
      column: ['Events/s', ({ flow }) => flow.perSecond],
    }),
    'redis-cpu': barChart({
      title: 'What an event takes of Redis',
      results,
      column: ['µs of CPU', ({ flow }) => flow.redisCpuUs],
    }),
  };
}

function keepsEvents(name: string): boolean {
  return CONTESTANTS.some((contestant) => contestant.name === name && contestant.waiting !== undefined);
}

function howMeasured({ rounds }: Plan, measuredBy: string): string {
  return paragraph(
    `Events of ${EVENT_BYTES} bytes of JSON go from one process to another. ${measuredBy}.
    ${describeRounds(counted(rounds, 'round'))}. Costs are those of one event. A contestant whose handler has not had each event
    once, and in order where that is promised, gets no figures.`,
  );
}
