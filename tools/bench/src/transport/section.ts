import { barChart } from '../shared/bar-chart.js';
import { barTable } from '../shared/bars.js';
import { paragraph } from '../shared/markdown.js';
import { type Column, resultTable } from '../shared/result-table.js';
import type { Result } from '../shared/rounds.js';
import type { Setting } from '../shared/setting.js';
import { threeDigits, whole } from '../shared/statistics.js';
import { pictureFile } from '../suite.js';
import { CONTESTANTS } from './contestant.js';
import { type Cores, describeCores } from './cores.js';
import { backlogOf, type TurnFigures } from './figures.js';
import { notes } from './notes.js';
import { BARS } from './our-bars.js';
import { EVENT_BYTES, type Plan } from './plan.js';

/** On what the contestants were measured. */
export interface TransportSetting extends Setting {
  readonly cores: Cores;
  /** Load average of the machine before the run, over a minute. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
}

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
  setting: TransportSetting,
): string {
  const keeping = results.filter(({ contestant }) => keepsEvents(contestant));
  return [
    ...(plan.quick
      ? ['**This was a quick run: it shows that measuring works. Its figures say nothing.**']
      : []),
    howMeasured(plan, setting),
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

function howMeasured(
  { quick, rounds }: Plan,
  { machine, commit, cores, load, versions }: TransportSetting,
): string {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return paragraph(
    `Events of ${EVENT_BYTES} bytes of JSON go from one process to another. Measured by
    \`npm run bench -- transport${quick ? ' --quick' : ''}\` at ${commit}, on ${machine}, ${packages.join(', ')};
    ${describeCores(cores)}; the load average before was ${threeDigits(load)}. Each figure is the median of ${rounds}
    ${rounds === 1 ? 'round' : 'rounds'}, with the lowest and the highest in brackets; in each round every contestant has
    its turn. Costs are those of one event. A contestant whose handler has not had each event once, and in order where that
    is promised, gets no figures.`,
  );
}
