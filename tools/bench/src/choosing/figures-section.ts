import type { BenchSetting } from '../shared/bench.js';
import { table } from '../shared/markdown.js';
import { spread, whole } from '../shared/statistics.js';
import { howMeasured, notes } from './figures-text.js';
import { type Figures, isRefused, type Measured, type Refused, type RoundFigures } from './figures.js';
import type { Plan } from './plan.js';

type Row = Measured<RoundFigures> | Refused;

/** A column of a table about patterns: its title, and what it says of what was measured. */
type Column = readonly [string, (row: Measured<RoundFigures>) => string];

const PUBLISHING: readonly Column[] = [
  ['Redis, µs per message', each(({ publishCpuUs }) => publishCpuUs)],
  [
    'µs per recipient',
    ({ rounds, audience }) => spread(rounds.map(({ publishCpuUs }) => publishCpuUs / audience)),
  ],
  ['Messages/s', each(({ messagesPerSecond }) => messagesPerSecond)],
  [
    'Deliveries/s',
    ({ rounds, audience, writtenOnce }) =>
      writtenOnce ? 'written once' : spread(rounds.map((round) => round.messagesPerSecond * audience)),
  ],
];

const RECEIVING: readonly Column[] = [
  ['Redis, µs per message and recipient', each(({ receiveCpuUs }) => receiveCpuUs, 'in publishing')],
  ['Received/s', each(({ receivedPerSecond }) => receivedPerSecond, 'as delivered')],
  ['Latency, ms', each(({ latency }) => latency.medianMs)],
  ['p99, ms', each(({ latency }) => latency.p99Ms)],
  ['The absent had', absent],
];

const MEMORY: readonly Column[] = [
  ['Subscribed, bytes', each(({ memory }) => memory.subscribed)],
  [
    'Each waiting message, bytes',
    ({ rounds }) =>
      rounds.every(({ memory }) => memory.perMessage === 0)
        ? 'nothing waits'
        : spread(rounds.map(({ memory }) => memory.perMessage)),
  ],
];

/** Everything that was measured, with how. */
export function figuresSection({ patterns, teams }: Figures, plan: Plan, setting: BenchSetting): string {
  return [
    howMeasured(plan, setting),
    '### Publishing, until everyone has it where they look for it',
    patternTable(patterns, PUBLISHING),
    '### Receiving',
    patternTable(patterns, RECEIVING),
    '### Memory of Redis for each recipient',
    patternTable(patterns, MEMORY),
    '### Teams: consumers that share what one recipient gets',
    teamTable(teams),
    '### What the figures are',
    notes(plan, patterns.filter(isRefused)),
  ].join('\n\n');
}

function each(figure: (round: RoundFigures) => number | undefined, otherwise = ''): Column[1] {
  return ({ rounds }) => {
    const values = rounds.map(figure).filter((value) => value !== undefined);
    return values.length === 0 ? otherwise : spread(values);
  };
}

function absent({ rounds }: Measured<RoundFigures>): string {
  const [first] = rounds;
  return first === undefined ? '' : `${whole(first.absent.had)} of ${whole(first.absent.published)}`;
}

function patternTable(rows: readonly Row[], columns: readonly Column[]): string {
  const head = ['Pattern', 'Recipients', ...columns.map(([title]) => title)];
  const cells = rows.map((row) => [
    row.pattern,
    whole(row.audience),
    ...(isRefused(row)
      ? [`refused above ${whole(row.largestAudience)}`, ...columns.slice(1).map(() => '')]
      : columns.map(([, cell]) => cell(row))),
  ]);
  return numbersTable(head, cells);
}

function teamTable(teams: Figures['teams']): string {
  const head = [
    'Pattern',
    'Consumers',
    'In a burst: Redis, µs per message',
    'Messages/s',
    'One by one: Redis, µs per message',
    'Latency, ms',
    'p99, ms',
  ];
  const cells = teams.map(({ pattern, audience, rounds }) => [
    pattern,
    whole(audience),
    spread(rounds.map(({ burstCpuUs }) => burstCpuUs)),
    spread(rounds.map(({ messagesPerSecond }) => messagesPerSecond)),
    spread(rounds.map(({ pacedCpuUs }) => pacedCpuUs)),
    spread(rounds.map(({ latency }) => latency.medianMs)),
    spread(rounds.map(({ latency }) => latency.p99Ms)),
  ]);
  return numbersTable(head, cells);
}

function numbersTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return table(
    head,
    rows,
    head.map((_, column) => column).filter((column) => column > 0),
  );
}
