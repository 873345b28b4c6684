import { BARE, LISTS, OURS, SORTED_SETS } from '../fanout/contestants.js';
import { ratioCell, ratiosOf } from '../shared/bars.js';
import { bullets, paragraph, table } from '../shared/markdown.js';
import { type Column, resultTable } from '../shared/result-table.js';
import { describeRounds, type Result } from '../shared/rounds.js';
import { counted, whole } from '../shared/statistics.js';
import { nameOf, nameOfAny } from './contestants.js';
import type { Plan } from './plan.js';
import type { TurnFigures } from './turn.js';

const COLUMNS: readonly Column<TurnFigures>[] = [
  ['Redis, µs of CPU', ({ redisCpuUs }) => redisCpuUs],
  ['Client, µs of CPU', ({ clientCpuUs }) => clientCpuUs],
  ['Deliveries a second', ({ perSecond }) => perSecond],
  ['Timelines, bytes a reader', ({ timelineBytes }) => timelineBytes],
];

/** Everything that was measured, with how. */
export function activitySection(
  results: readonly Result<TurnFigures>[],
  plan: Plan,
  measuredBy: string,
): string {
  return [
    howMeasured(plan, measuredBy),
    '### What a follower of a post costs',
    resultTable(results, COLUMNS),
    '### Redis CPU of redis-fanout beside the others',
    ratioTable(results, plan),
    '### What the figures of activity are',
    notes(),
  ].join('\n\n');
}

/** Ours to theirs, round by round. */
function ratioTable(results: readonly Result<TurnFigures>[], { percents }: Plan): string {
  const ratios = (ours: string, theirs: string): string =>
    ratioCell(ratiosOf(results, ours, theirs, ({ redisCpuUs }) => redisCpuUs));
  const rows = percents.map((percent) => {
    const ours = nameOf(OURS, percent);
    return [
      `${percent} %`,
      ...[nameOf(BARE, percent), nameOfAny(LISTS), nameOfAny(SORTED_SETS)].map((theirs) =>
        ratios(ours, theirs),
      ),
    ];
  });
  const head = ['Active readers', `/ ${BARE}`, `/ ${LISTS}`, `/ ${SORTED_SETS}`];
  return table(head, rows, [0, 1, 2, 3]);
}

function howMeasured({ graph, rounds, posts }: Plan, measuredBy: string): string {
  return paragraph(
    `${whole(posts)} posts of authors at random, in each of ${counted(rounds, 'round')}: ${whole(graph.readers)} readers,
    ${whole(graph.authors)} authors, about ${whole(graph.follows)} follows by a power law. ${measuredBy}.
    ${describeRounds('the rounds')}. A contestant whose active readers do not have the timelines that they are to have gets no
    figures.`,
  );
}

function notes(): string {
  return bullets([
    `**Active** readers are chosen at random; who is active at 10 % is so at 30 %, too. They are as likely to follow large
    authors as the others. Those who are not active have no timeline: that of redis-fanout has expired (after 30 idle
    days by default), and is built again from the authors' lists when it is read. What that costs is not in these
    figures.`,
    `**CPU** is what Redis (\`INFO\`) and the process have spent, divided by the followers of the posts, whether they were
    pushed to or skipped. **Deliveries a second** are those to followers who have a timeline.`,
    `**${LISTS}** and **${SORTED_SETS}** do not know who is active, and push to everybody: the same whoever is active. (With
    \`LPUSHX\` in the place of \`LPUSH\`, and timelines that expire, lists would skip the inactive, too; but then something
    has to build the timeline of a reader who comes back.)`,
    `**Timelines, bytes a reader** are the bytes of all timelines (\`MEMORY USAGE\`), divided by all readers, active or not.`,
    `Everything else is as with the deliveries above. Each share of active readers has a Redis of its own, which is idle
    while the others have their turn; on that with 100 % are those who push to everybody, too.`,
  ]);
}
