import { HYBRID, JOBS, LOOP, LOW_HYBRID, LOW_THRESHOLD, OURS } from '../fanout/contestants.js';
import { PARTITIONS } from '../fanout/plan.js';
import { COLUMNS } from '../fanout/section.js';
import type { TurnFigures } from '../fanout/turn.js';
import { bullets, paragraph } from '../shared/markdown.js';
import { resultTable } from '../shared/result-table.js';
import { describeRounds, type Result } from '../shared/rounds.js';
import { counted, whole } from '../shared/statistics.js';
import type { Contents } from './contents.js';
import type { Plan } from './plan.js';

/** Everything that was measured, with how. */
export function networksSection(
  results: readonly Result<TurnFigures>[],
  plan: Plan,
  contents: Contents,
  measuredBy: string,
): string {
  return [
    howMeasured(plan, contents, measuredBy),
    '### What a delivery costs in a real network',
    resultTable(results, COLUMNS),
    '### What the figures of networks are',
    notes(contents),
  ].join('\n\n');
}

function howMeasured(
  { rounds, events }: Plan,
  { readers, follows, mostFollowers }: Contents,
  measuredBy: string,
): string {
  return paragraph(
    `Who retweeted whom on Twitter while the Higgs boson was found, taken as who follows whom: ${whole(readers)} readers,
    ${whole(follows)} follows, at most ${whole(mostFollowers)} followers of one author. The log of those days is gone
    through in its order, ${whole(events)} events in each of ${counted(rounds, 'round')}; each event is a post of its user.
    ${measuredBy}. ${describeRounds('the rounds')}. A contestant whose timelines are not what they are to be gets no figures.`,
  );
}

function notes({ events, measured, mostInPartition }: Contents): string {
  const audience = measured.deliveries / measured.events;
  return bullets([
    `**Data:** higgs-twitter of the SNAP collection (snap.stanford.edu), of De Domenico, Lima, Mougel and Musolesi: The
    Anatomy of a Scientific Rumor, 2013. The log has ${whole(events)} events; the first ${whole(measured.events)} are
    measured, as fast as they go. ${whole(measured.withFollowers)} of them are of users who have followers here, and make
    ${whole(measured.deliveries)} deliveries.`,
    `**Rounds** are parts of the log that follow each other. Audiences differ from part to part, and so do the costs: the
    fewer followers a post has, the more its delivery costs. It has ${audience.toFixed(1)} on average; with the
    deliveries above it has some fifty.`,
    `**All** are as with the deliveries above, but begin with timelines that are all but empty, and hold what the log
    brings. Users write under one name and read under another: own posts are in nobody's timeline.`,
    `**${OURS}** pushes to everybody. Its figures include the work that each post is to it, with followers or without.`,
    `**${HYBRID}** has all settings as they are by default. Posts are left to be pulled above 10,000 followers
    in one of the ${PARTITIONS} partitions; here no author has more than ${whole(mostInPartition)}. **${LOW_HYBRID}** pulls above
    ${LOW_THRESHOLD} in a partition, about ${whole(LOW_THRESHOLD * PARTITIONS)} in all; the figures are for each follower
    also where nothing is pushed. What this saves, reading has to pay for.`,
    `**${JOBS}** has one event in 4, **${LOOP}** one in 10; the rest does not happen to them.`,
    `**CPU** is what Redis (\`INFO\`) and the process have spent, divided by the deliveries.`,
  ]);
}
