import { type Bar, barTable } from '../shared/bars.js';
import { bullets, paragraph } from '../shared/markdown.js';
import { type Column, resultTable } from '../shared/result-table.js';
import { describeRounds, type Result } from '../shared/rounds.js';
import { counted, whole } from '../shared/statistics.js';
import { pictureFile } from '../suite.js';
import { TIMELINE_ENTRIES } from './contestant.js';
import { BARE, LISTS, LOOP, OURS, SORTED_SETS } from './contestants.js';
import type { Plan } from './plan.js';
import type { TurnFigures } from './turn.js';

export const PER_SECOND: Column<TurnFigures> = [
  'Deliveries a second',
  ({ perSecond }: TurnFigures): number => perSecond,
];

/** What a delivery takes. */
export const COSTS: readonly Column<TurnFigures>[] = [
  PER_SECOND,
  ['Redis, µs of CPU', ({ redisCpuUs }: TurnFigures): number => redisCpuUs],
  ['Client, µs of CPU', ({ clientCpuUs }: TurnFigures): number => clientCpuUs],
];

/** What is told of each contestant. */
export const COLUMNS: readonly Column<TurnFigures>[] = [
  ...COSTS,
  ['Bytes to and from Redis', ({ wireBytes }: TurnFigures): number => wireBytes],
];

const BARS: readonly Bar<TurnFigures>[] = [
  {
    what: 'deliveries a second',
    ours: OURS,
    theirs: LOOP,
    figure: ({ perSecond }) => perSecond,
    atLeast: 25,
  },
  {
    what: 'deliveries a second',
    ours: OURS,
    theirs: LISTS,
    figure: ({ perSecond }) => perSecond,
    atLeast: 3,
  },
  { what: 'Redis CPU', ours: OURS, theirs: BARE, figure: ({ redisCpuUs }) => redisCpuUs, atMost: 1.15 },
  { what: 'Redis CPU', ours: OURS, theirs: SORTED_SETS, figure: ({ redisCpuUs }) => redisCpuUs, atMost: 0.6 },
  { what: 'client CPU', ours: OURS, theirs: LISTS, figure: ({ clientCpuUs }) => clientCpuUs, atMost: 0.15 },
];

/** Everything that was measured, with how. */
export function deliveriesSection(
  results: readonly Result<TurnFigures>[],
  plan: Plan,
  follows: number,
  measuredBy: string,
): string {
  return [
    howMeasured(plan, follows, measuredBy),
    '### What a delivery costs',
    resultTable(results, COLUMNS),
    `![Deliveries a second](${pictureFile('deliveries', 'per-second')})`,
    '### Bars of deliveries',
    barTable(results, BARS),
    '### What the figures of deliveries are',
    notes(),
  ].join('\n\n');
}

function howMeasured({ graph, rounds, posts }: Plan, follows: number, measuredBy: string): string {
  return paragraph(
    `${whole(posts)} posts of authors at random go to the timelines of all their followers, in each of
    ${counted(rounds, 'round')}: ${whole(graph.readers)} readers, ${whole(graph.authors)} authors, ${whole(follows)} follows by a
    power law. ${measuredBy}. ${describeRounds('the rounds')}. A contestant whose timelines are not what they are to be gets no
    figures.`,
  );
}

function notes(): string {
  return bullets([
    `**All** have timelines of ${TIMELINE_ENTRIES} entries that are full from the beginning, on one Redis that keeps
    nothing on disk. Lists have up to an eighth more from the beginning, as they have in use: ours are cut when they
    have grown by that. All are in processes of their own; ids and names are decimal numbers. All but ours share one set of
    followers for each author.`,
    `**redis-fanout** runs the worker of the library, and pushes to everybody (\`pushMaxFollowers: Infinity\`). The posts wait
    in the outboxes when it begins. Its figures include what the others do not do: reading the outboxes, acknowledging,
    the history of each partition, and the account of each post.`,
    `**${BARE}** is no system, but the least that a push from outside costs: the followers are in the memory of the process,
    nothing is cut, and nothing kept.`,
    `**Pipelines** are of 1,000 followers, one after the other. Lists are cut at one push in 20, sorted sets at each.`,
    `**BullMQ** has queue and worker in one process; the worker pushes to lists by pipelines, for ten jobs at once:
    posts that follow each other may come to a timeline in another order, and are not held to theirs.`,
    `**The loop** and **Promise.all** never cut. They deliver the first tenth and the first quarter of the posts.`,
    `**What a delivery takes**, by a profile of Redis (\`perf\`) while ours delivered: about a third is finding the list among
    all keys, mostly waiting for memory; a sixth is appending to it. Both are in every push, whoever sends it. About a
    fifth is Lua and its way to the commands, which is what is saved in reading them from a socket, and a tenth what is done
    for each post in each partition: its followers, its entry in the history, its account. So ours delivers as many a second as
    one core of Redis can push, and the others as many as one core of Node.js can send.`,
    `**What is in the way of more** is memory, and then what Lua adds to a push. Where all is in the processor's cache (2,000
    timelines), a delivery takes Redis 1.6 µs, or 13,000 instructions (counted by \`callgrind\`, at 4c15949, with six followers in
    the partition): 7,100 for the push, of which \`RPUSHX\` itself has 2,000; 4,500 for its share of what is done once for each post in
    a partition; and 1,400 for cutting. All else is waiting for memory, which the others do, too. In the first round ours costs
    less than in those after it: the others' timelines, which come when it is their turn, are not in this Redis yet, and
    its table of keys is half as large; while that grows to twice its size, ours takes a fifth more. With a database for each (four
    rounds at a5cc172), so that each had a table of its own, ours took 3.4 to 4.3 µs, and bare LPUSHX 2.9: a table of 100,000
    keys is in the cache, one of a million is not.`,
    `**The first three bars** are near what is measured, and kept in one run and not in the next: at a5cc172 a run gave 26.2, 2.97
    and 1.1, and at 29bfe10, with other work on the machine, 22.7, 2.64 and 1.13. At a38fbde, when a delivery of ours took a
    quarter more instructions, a slow day gave 25.4, 3.36 and 1.09: sockets and waking up, which is what the others pay for beside the
    pushes, cost more on a busy machine. What is in the way is what a push costs more in a script, and followers, history,
    accounts and cuts, about as much. Tried without gain: to touch the timelines first (\`TOUCH\`, \`EXISTS\`), so that Redis waits
    for several at once; other pauses of Lua's garbage collector; the followers of an author in one text in the place of a set
    (1,600 instructions more); calls of 2,000 pushes in the place of 1,200, which hold Redis for 5 ms, not 3. Transparent huge
    pages, which Redis switches off, took 8 % off a delivery, and 13 % off a plain push.`,
    `**CPU** is what Redis (\`INFO\`) and the process have spent, divided by the deliveries; one is a post in the timeline of
    one follower. After each turn timelines of readers at random are held to what they should be.`,
  ]);
}
