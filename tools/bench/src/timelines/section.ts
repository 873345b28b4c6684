import { type Bar, barTable } from '../shared/bars.js';
import { bullets, paragraph, table } from '../shared/markdown.js';
import type { Cores } from '../shared/pinning.js';
import { type Column, resultTable } from '../shared/result-table.js';
import type { Result } from '../shared/rounds.js';
import type { Setting } from '../shared/setting.js';
import { threeDigits, whole } from '../shared/statistics.js';
import type { KeptFigures } from './memory.js';
import { type Plan, READING } from './plan.js';
import { BARE, NONE_PULLED, PULLED, type ReadFigures } from './reading.js';

/** On what timelines were measured. */
export interface TimelinesSetting extends Setting {
  readonly cores: Cores | undefined;
  /** Load average of the machine before the run, over a minute. */
  readonly load: number;
}

const COLUMNS: readonly Column<ReadFigures>[] = [
  ['Redis, µs of CPU', ({ redisCpuUs }) => redisCpuUs],
  ['Commands for ids, µs', ({ idsUs }) => idsUs],
  ['Commands for posts, µs', ({ bodiesUs }) => bodiesUs],
  ['Pages a second', ({ perSecond }) => perSecond],
];

const BARS: readonly Bar<ReadFigures>[] = [
  { what: 'ids, none pulled', ours: NONE_PULLED, theirs: BARE, figure: ({ idsUs }) => idsUs, atMost: 1.5 },
  {
    what: 'ids, large authors pulled',
    ours: PULLED,
    theirs: BARE,
    figure: ({ idsUs }) => idsUs,
    atMost: 4.5,
  },
];

/** The most that an entry is to take where a timeline has 800. */
const MAX_BYTES = 11;

/** Everything that was measured, with how. */
export function timelinesSection(
  kept: readonly KeptFigures[],
  reads: readonly Result<ReadFigures>[],
  plan: Plan,
  setting: TimelinesSetting,
): string {
  return [
    ...(plan.quick
      ? ['**This was a quick run: it shows that measuring works. Its figures say nothing.**']
      : []),
    howMeasured(plan, setting),
    '### Bytes of an entry',
    keptTable(kept),
    '### What a page costs Redis',
    resultTable(reads, COLUMNS),
    barTable(reads, BARS),
    '### What the figures of timelines are',
    notes(plan),
  ].join('\n\n');
}

function keptTable(kept: readonly KeptFigures[]): string {
  const rows = kept.map(({ length, ours, list, sortedSet }) => [
    whole(length),
    threeDigits(ours),
    threeDigits(list),
    threeDigits(sortedSet),
    `${threeDigits(sortedSet / ours)} ×`,
    length < 800 ? '' : ours <= MAX_BYTES && sortedSet / ours >= 10 ? 'yes' : '**no**',
  ]);
  const head = ['Entries', 'redis-fanout', 'list', 'sorted set', 'sorted set / ours', 'at most 11, and 1/10'];
  return table(head, rows, [0, 1, 2, 3, 4]);
}

function howMeasured({ quick, rounds }: Plan, { machine, commit, cores, load }: TimelinesSetting): string {
  const where =
    cores === undefined
      ? 'no process was bound to a core'
      : `Redis had core ${cores.server} to itself, the reading process core ${cores.client}`;
  return paragraph(
    `Measured by \`npm run bench -- timelines${quick ? ' --quick' : ''}\` at ${commit}, on ${machine}; ${where}; the load
    average before was ${threeDigits(load)}. Each figure of a page is the median of ${rounds}
    ${rounds === 1 ? 'round' : 'rounds'}, with the lowest and the highest in brackets.`,
  );
}

function notes({ kept, readers, followed, large, posts, pages }: Plan): string {
  return bullets([
    `**Bytes of an entry** are what \`MEMORY USAGE\` says of a timeline's key, divided by its entries: for redis-fanout of
    ${whole(kept)} timelines that posts were pushed to until they were so long, name and floor included; for the others of
    a list and a sorted set (with the server's default settings) of as many ids of 16 digits.`,
    `**A page** has 50 posts. ${whole(readers)} readers follow ${followed} authors each; as many others follow ${large} large
    authors, too, whose posts are pulled. ${whole(posts)} posts were published. In each turn ${whole(pages)} pages of readers
    at random are read, ${READING} at a time, through \`fanout.timelines.page\`.`,
    `**Redis, µs of CPU** is all that the server spends on a page (\`INFO\`), the fetching of its 51 posts included. **Commands
    for ids** and **for posts** are the times of the commands themselves (\`INFO commandstats\`), by which a page is held
    to the bare \`LRANGE\`, which fetches no posts.`,
  ]);
}
