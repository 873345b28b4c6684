import { TIMELINE_ENTRIES } from '../fanout/contestant.js';
import { type Bar, barTable } from '../shared/bars.js';
import { bullets, paragraph } from '../shared/markdown.js';
import { type Column, resultTable } from '../shared/result-table.js';
import { describeRounds, type Result } from '../shared/rounds.js';
import { counted, whole } from '../shared/statistics.js';
import { pictureFile } from '../suite.js';
import type { Checks } from './calls.js';
import { CONTESTANTS, OURS, PULL, SORTED_SETS } from './contestants.js';
import { LARGE } from './contestants/hybrid.js';
import { PAGE } from './feed.js';
import type { Plan } from './plan.js';
import type { TurnFigures } from './turn.js';

export type MixResults = Readonly<Record<Checks, readonly Result<TurnFigures>[]>>;

export const REDIS_CPU: Column<TurnFigures> = [
  'Redis, ms of CPU',
  (turn: TurnFigures): number => turn.redisCpuMs,
];

const COLUMNS: readonly Column<TurnFigures>[] = [
  REDIS_CPU,
  ['Client, ms of CPU', ({ clientCpuMs }) => clientCpuMs],
  ['kB to and from Redis', ({ wireKb }) => wireKb],
  ['Operations a second', ({ perSecond }) => perSecond],
];

/** What is asked for beside each of the others. */
const BARS: readonly Bar<TurnFigures>[] = CONTESTANTS.filter(({ name }) => name !== OURS).map(({ name }) => ({
  what: 'Redis CPU',
  ours: OURS,
  theirs: name,
  figure: ({ redisCpuMs }) => redisCpuMs,
  atMost: name === SORTED_SETS ? 0.6 : 1,
}));

/** Everything that was measured, with how. */
export function mixSection(
  { pages, refreshes }: MixResults,
  plan: Plan,
  follows: number,
  measuredBy: string,
): string {
  return [
    howMeasured(plan, follows, measuredBy),
    '### The mix with pages, for 1,000 operations',
    resultTable(pages, COLUMNS),
    `![Redis CPU for 1,000 operations](${pictureFile('mix', 'redis-cpu')})`,
    '### Bars of the mix',
    barTable(pages, BARS),
    '### The mix with refreshes, for 1,000 operations',
    resultTable(refreshes, COLUMNS),
    '### What the figures of the mix are',
    notes(plan),
  ].join('\n\n');
}

function howMeasured({ users, rounds, posts, atOnce }: Plan, follows: number, measuredBy: string): string {
  return paragraph(
    `${whole(users.users)} users write and read, with ${whole(follows)} follows by a power law; ${users.activePercent} % of
    them are active. For each post of an active user there are 100 timeline checks, 10 follows and 5 logouts. A turn has
    ${whole(posts.pages)} posts and what goes with them, or ${whole(posts.refreshes)} where checks are refreshes; ${atOnce}
    operations are under way at once. ${measuredBy}. ${describeRounds(counted(rounds, 'round'))} at the same operations. A
    contestant whose pages are not what they are to be gets no figures.`,
  );
}

function notes({ users, filled }: Plan): string {
  return bullets([
    `**The mix** is that of Twip, by which Pequod was measured (Kate et al., Easy Freshness with Pequod Cache Joins, NSDI
    2014). Who acts, and who is followed, is at random.`,
    `**With pages** a check answers the newest ${PAGE} posts with their texts, as \`GET /timelines/{user}\` does, and a logout
    does nothing. **With refreshes**, as in Twip, it answers only what is newer than what the user has seen; a logout has
    the client forget that, so that the next check is a whole page.`,
    `**All** have a Redis of their own, which keeps nothing on disk and is idle while the others have their turn. Timelines
    have up to ${TIMELINE_ENTRIES} entries, and were filled with ${whole(filled)} posts of about 100 bytes; own posts are in
    the own timeline. A turn ends when all posts are in all timelines.`,
    `**redis-fanout** has its default settings but for the length of timelines, with a worker in the same process. It keeps
    timelines of those who read; the others push to everybody, as they do not know who is active.`,
    `**The others** keep posts as JSON by \`SET\` and read them by one \`MGET\`. Lists are read, merged and replaced by a follow
    (again, where something was pushed meanwhile); sorted sets take the author's posts by \`ZADD\`. With ioredis's
    \`enableAutoPipelining\` sorted sets take as much (tried once).`,
    `**The hybrid** pulls authors whom more than one in ${LARGE} users follow. **${PULL}** reads the newest of each followed author
    in one pipeline; it does one in four of the operations. An author has about ${whole(filled / users.users)} posts: with
    more, each of these reads would answer up to ${PAGE} ids.`,
    ...whereTimeGoes(),
  ]);
}

/** Found by what `INFO commandstats` counts in a turn of each, and for follows alone. */
function whereTimeGoes(): string[] {
  return [
    `**Reading is most of the mix.** The others fetch ${PAGE} bodies with each page. redis-fanout keeps those that it has
    shown, and looks whether any has changed; each active user's page was read once before the first round. A page of its
    takes two commands of its own, for its ids and for the floor; two more, for own posts on their way and for that look, are
    shared by all pages that are asked for at the same moment, and all go to Redis together.`,
    `**Follows** are what costs redis-fanout most beside pages: two scripts each, so that nothing that is pushed meanwhile is
    lost, and much of their time goes into finding the places of the author's posts in a list: a few looks for each, by the
    posts' times. A sorted set takes them at once, and costs more with every push instead.`,
    `**The bar of 0.6** is near: runs before this one gave 0.548 to 0.609. What is in the way of less is follows: one for ten
    pages, but at some 80 µs each, while a page takes 10, they are nearly a third of the time.
    Tried: one partition in the place of 8 takes 4 % less; looks at more or fewer entries at once, none better (by a
    simulation); ioredis's \`enableAutoPipelining\`, no difference.`,
    `**Refreshes** have few bodies to fetch, and sorted sets answer them without reading what is known already. A list is read from
    its end, further than what is new, to find out how much that is.`,
  ];
}
