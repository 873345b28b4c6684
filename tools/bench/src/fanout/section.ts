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
    timelines), a delivery takes Redis 1.6 µs, or 13,700 instructions (counted by \`callgrind\`, at e8e480b, with six followers in
    the partition): 7,100 for the push, of which \`RPUSHX\` itself has 2,000; 5,200 for its share of what is done once for each post in
    a partition; and 1,400 for cutting. All else is waiting for memory, which the others do, too. In the first round ours costs
    less than in those after it: the others' timelines, which come when it is their turn, are not in this Redis yet, and
    its table of keys is half as large.`,
    `**Bars that are not kept** hang on how busy the machine is, as sockets and waking up, which is what the others pay for
    beside the pushes, cost more on a busy one: at commit a38fbde, when a delivery of ours took a fifth more instructions, a slower
    day gave 25.4, 3.36 and 1.09 for the first three. What is in their way is what a push costs more in a script, and followers,
    history, accounts and cuts, about as much. Tried without gain: to touch the timelines first (\`TOUCH\`, \`EXISTS\`), so that
    Redis waits for several at once; other pauses of Lua's garbage collector. Transparent huge pages, which Redis switches
    off, took 8 % off a delivery, and 13 % off a plain push.`,
    `**CPU** is what Redis (\`INFO\`) and the process have spent, divided by the deliveries; one is a post in the timeline of
    one follower. After each turn timelines of readers at random are held to what they should be.`,
  ]);
}
