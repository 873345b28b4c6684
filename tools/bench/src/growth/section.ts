import { BARE, BARE_APPENDS, OURS } from '../fanout/contestants.js';
import { PARTITIONS } from '../fanout/plan.js';
import { COSTS } from '../fanout/section.js';
import type { TurnFigures } from '../fanout/turn.js';
import { ratioCell, ratiosOf } from '../shared/bars.js';
import { bullets, paragraph, table } from '../shared/markdown.js';
import { resultTable } from '../shared/result-table.js';
import { describeRounds, type Result } from '../shared/rounds.js';
import { counted, median, whole } from '../shared/statistics.js';
import { type Plan, READERS_PER_AUTHOR } from './plan.js';
import { nameOf } from './sizes.js';

/** Everything that was measured, with how. */
export function growthSection(
  byReaders: readonly Result<TurnFigures>[],
  byPartitions: readonly Result<TurnFigures>[],
  plan: Plan,
  measuredBy: string,
): string {
  return [
    howMeasured(plan, measuredBy),
    '### A delivery, with more and more readers',
    resultTable(byReaders, COSTS),
    growthTable(byReaders, plan),
    '### A delivery, with more and more partitions',
    resultTable(byPartitions, COSTS),
    '### What the figures of growth are',
    notes(plan),
  ].join('\n\n');
}

/** How much the cost has grown, round by round. */
function growthTable(results: readonly Result<TurnFigures>[], { readers }: Plan): string {
  const [fewest = 0] = readers;
  const most = readers.at(-1) ?? 0;
  const [ours = [], bare = [], appends = []] = [OURS, BARE, BARE_APPENDS].map((contestant) =>
    ratiosOf(results, nameOf(contestant, most), nameOf(contestant, fewest), ({ redisCpuUs }) => redisCpuUs),
  );
  const isKept = ours.length > 0 && bare.length > 0 && median(ours) <= median(bare);
  return table(
    [`Redis CPU, ${whole(most)} readers / ${whole(fewest)}`, OURS, BARE, BARE_APPENDS, `At most as ${BARE}`],
    [['', ratioCell(ours), ratioCell(bare), ratioCell(appends), isKept ? 'yes' : '**no**']],
    [1, 2, 3],
  );
}

function howMeasured({ rounds, audience, posts }: Plan, measuredBy: string): string {
  return paragraph(
    `${whole(posts)} posts of authors at random, who all have ${audience} followers. ${measuredBy}.
    ${describeRounds(counted(rounds, 'round'), 'size')}.`,
  );
}

function notes({ partitioned }: Plan): string {
  return bullets([
    `**Sizes** have a Redis each, which is idle while the others have their turn. There is an author for
    ${READERS_PER_AUTHOR} readers; everything else is as with the deliveries above.`,
    `**Readers** become more with ${PARTITIONS} partitions, **partitions** with ${whole(partitioned)} readers. The more
    partitions, the fewer followers of a post are in each, and the more calls it takes to reach them.`,
    `**${BARE}** pays for what no way to push can do without: the more timelines there are, the less of them is in the
    processor's cache. **${BARE_APPENDS}** is what ours does within Redis: to append to a list moves nothing in it.`,
    `**Where the cost grows**, by its parts alone, with 10,000 and with 1,000,000 readers: a script that pushes to followers
    who are named in its arguments took Redis 1.6 and 3.7 µs for each, pipelines of 400 \`RPUSHX\` 1.0 and 3.0, and
    reading the sets of followers 0.42 and 0.53. So what grows is what it takes to fetch timelines from memory, which every
    push has to.`,
    `**The bar** is near where all three are, and moves: runs before this one gave 1.79 against 1.28 of ${BARE} (on a busy
    machine), 1.76 against 1.97, and 1.87 against 1.75. The less a push takes beside waiting for memory, the more it grows by:
    since the second of these ours takes an eighth less at each size.`,
  ]);
}
