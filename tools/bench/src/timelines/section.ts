import { PARTITIONS } from '../fanout/plan.js';
import { type Bar, barTable } from '../shared/bars.js';
import { bullets, paragraph, table } from '../shared/markdown.js';
import { type Column, resultTable } from '../shared/result-table.js';
import type { Result } from '../shared/rounds.js';
import { counted, threeDigits, whole } from '../shared/statistics.js';
import type { FollowFigures } from './follows.js';
import type { KeptFigures } from './memory.js';
import { type Plan, READING } from './plan.js';
import { BARE, NONE_PULLED, PULLED, type ReadFigures } from './reading.js';

/** Everything that was measured. */
export interface TimelinesFigures {
  readonly follows: readonly FollowFigures[];
  readonly kept: readonly KeptFigures[];
  readonly reads: readonly Result<ReadFigures>[];
  /** With more timelines than a cache has room for. */
  readonly largeReads: readonly Result<ReadFigures>[];
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

/** All of it, with how it was measured. */
export function timelinesSection(
  { follows, kept, reads, largeReads }: TimelinesFigures,
  plan: Plan,
  measuredBy: string,
): string {
  return [
    howMeasured(plan, measuredBy),
    '### Bytes of an entry',
    keptTable(kept),
    '### Bytes of a follow',
    followsTable(follows),
    '### What a page costs Redis',
    resultTable(reads, COLUMNS),
    barTable(reads, BARS),
    '### What a page costs with many timelines',
    resultTable(largeReads, COLUMNS),
    '### What the figures of timelines are',
    notes(plan),
  ].join('\n\n');
}

function followsTable(follows: readonly FollowFigures[]): string {
  const rows = follows.map(({ followed, ours, plain }) => [
    whole(followed),
    threeDigits(ours),
    threeDigits(plain),
    `${threeDigits(ours / plain)} ×`,
  ]);
  return table(['Follows of each reader', 'redis-fanout', 'two sets', 'ours / two sets'], rows, [0, 1, 2, 3]);
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

function howMeasured({ rounds }: Plan, measuredBy: string): string {
  return paragraph(
    `${measuredBy}. Each figure of a page is the median of ${counted(rounds, 'round')}, with the lowest and the highest in
    brackets.`,
  );
}

function notes({ kept, readers, followed, large, posts, pages, largeSet }: Plan): string {
  return bullets([
    `**Bytes of an entry** are what \`MEMORY USAGE\` says of a timeline's key, divided by its entries: for redis-fanout of
    ${whole(kept)} timelines that posts were pushed to until they were so long, name and floor included; for the others of
    a list and a sorted set (with the server's default settings) of as many ids of 16 digits.`,
    `**Bytes of a follow** are those of all keys that hold follows, divided by the follows. Everybody follows as many as
    follow them; names are numbers of seven digits, and \`set-max-intset-entries\` is 16,384, as the README recommends. A
    follow is noted twice, with the reader and with the author. Each author has one set of followers in the two sets'
    case, and with redis-fanout one in each of the ${PARTITIONS} partitions: what those keys take shows where they have few
    members.`,
    `**A page** has 50 posts. ${whole(readers)} readers follow ${followed} authors each; as many others follow ${large} large
    authors, too, whose posts are pulled. ${whole(posts)} posts were published. In each turn ${whole(pages)} pages of readers
    at random are read, ${READING} at a time, through \`fanout.timelines.page\`.
    Pages that are asked for at once go to Redis together, while each bare \`LRANGE\` is sent for itself.`,
    `**Redis, µs of CPU** is all that the server spends on a page (\`INFO\`), the fetching of posts included that the process has not
    kept from pages before. **Commands
    for ids** and **for posts** are the times of the commands themselves (\`commandstats\`), by which a page is held
    to the bare \`LRANGE\`, which fetches no posts.`,
    `**With many timelines** there are ${whole(largeSet.timelines)} timelines, lists and sorted sets, of
    ${whole(largeSet.entries)} entries each, which were written directly; the readers of each turn's pages are others, so
    that the processor's caches have little of what is read. They hold
    ${whole(largeSet.posts)} posts in all, so that those are read more often than the timelines. None of the authors is pulled.`,
    `**Large authors** cost Redis nothing here, as nothing is published while pages are read: who they are and the newest of
    their posts is kept in the process, and a page looks whether that still holds. After a post of one of them, a page looks what has
    changed, and reads that list again, for all readers of the partition. (The look is one command for ids and posts together,
    and counted to each by half.)`,
  ]);
}
