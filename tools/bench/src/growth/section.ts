import { BARE, OURS } from '../fanout/contestants.js';
import { PARTITIONS } from '../fanout/plan.js';
import type { TurnFigures } from '../fanout/turn.js';
import { bullets, paragraph, table } from '../shared/markdown.js';
import type { Cores } from '../shared/pinning.js';
import { type Column, resultTable, turnsOf } from '../shared/result-table.js';
import type { Result } from '../shared/rounds.js';
import type { Setting } from '../shared/setting.js';
import { median, spread, threeDigits, whole } from '../shared/statistics.js';
import { type Plan, READERS_PER_AUTHOR } from './plan.js';
import { nameOf } from './sizes.js';

/** On what growth was measured. */
export interface GrowthSetting extends Setting {
  readonly cores: Cores | undefined;
  /** Load average of the machine before the run, over a minute. */
  readonly load: number;
}

const COLUMNS: readonly Column<TurnFigures>[] = [
  ['Deliveries a second', ({ perSecond }) => perSecond],
  ['Redis, µs of CPU', ({ redisCpuUs }) => redisCpuUs],
  ['Client, µs of CPU', ({ clientCpuUs }) => clientCpuUs],
];

/** Everything that was measured, with how. */
export function growthSection(
  byReaders: readonly Result<TurnFigures>[],
  byPartitions: readonly Result<TurnFigures>[],
  plan: Plan,
  setting: GrowthSetting,
): string {
  return [
    ...(plan.quick
      ? ['**This was a quick run: it shows that measuring works. Its figures say nothing.**']
      : []),
    howMeasured(plan, setting),
    '### A delivery, with more and more readers',
    resultTable(byReaders, COLUMNS),
    growthTable(byReaders, plan),
    '### A delivery, with more and more partitions',
    resultTable(byPartitions, COLUMNS),
    '### What the figures of growth are',
    notes(plan),
  ].join('\n\n');
}

/** How much the cost has grown, round by round. */
function growthTable(results: readonly Result<TurnFigures>[], { readers }: Plan): string {
  const [fewest = 0] = readers;
  const most = readers.at(-1) ?? 0;
  const growth = (contestant: string): number[] => {
    const before = turnsOf(results, nameOf(contestant, fewest));
    return turnsOf(results, nameOf(contestant, most)).flatMap(({ redisCpuUs }, i) => {
      const few = before[i];
      return few === undefined ? [] : [redisCpuUs / few.redisCpuUs];
    });
  };
  const [ours, bare] = [growth(OURS), growth(BARE)];
  const isKept = ours.length > 0 && bare.length > 0 && median(ours) <= median(bare);
  const cell = (ratios: readonly number[]): string => (ratios.length === 0 ? 'no figures' : spread(ratios));
  return table(
    [`Redis CPU, ${whole(most)} readers / ${whole(fewest)}`, OURS, BARE, 'At most the same'],
    [['', cell(ours), cell(bare), isKept ? 'yes' : '**no**']],
    [1, 2],
  );
}

function howMeasured(
  { quick, rounds, audience, posts }: Plan,
  { machine, commit, cores, load }: GrowthSetting,
): string {
  const where =
    cores === undefined
      ? 'no process was bound to a core'
      : `Redis had core ${cores.server} to itself, the contestant core ${cores.client}`;
  return paragraph(
    `${whole(posts)} posts of authors at random, who all have ${audience} followers. Measured by
    \`npm run bench -- growth${quick ? ' --quick' : ''}\` at ${commit}, on ${machine}; ${where}; the load average before was
    ${threeDigits(load)}. Each figure is the median of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, with the lowest and
    the highest in brackets; in each round every size has its turn.`,
  );
}

function notes({ partitioned }: Plan): string {
  return bullets([
    `**Sizes** have a Redis each, which is idle while the others have their turn. There is an author for
    ${READERS_PER_AUTHOR} readers; everything else is as with the deliveries above.`,
    `**Readers** become more with ${PARTITIONS} partitions, **partitions** with ${whole(partitioned)} readers. The more
    partitions, the fewer followers of a post are in each, and the more calls it takes to reach them.`,
    `**${BARE}** pays for what no way to push can do without: the more timelines there are, the less of them is in the
    processor's cache.`,
  ]);
}
