import type { BenchSetting } from '../shared/bench.js';
import { bullets, paragraph, QUICK_NOTICE } from '../shared/markdown.js';
import { whole } from '../shared/statistics.js';
import type { Refused } from './figures.js';
import {
  COLLECTORS,
  IN_FLIGHT,
  LEAST_WRITTEN_ONCE,
  LISTENERS,
  type Plan,
  type Size,
  TEXT_LENGTH,
  WAITING,
} from './plan.js';

/** What stands above the tables. */
export function howMeasured({ quick, rounds }: Plan, { machine, commit, cores }: BenchSetting): string {
  const where =
    cores.redis === undefined
      ? 'no process was bound to a core'
      : `the Redis servers were bound to core ${cores.redis}, everything else to core ${cores.client ?? ''}`;
  const text = paragraph(
    `Measured by \`npm run choosing${quick ? ' -- --quick' : ''}\` at ${commit}, on ${machine}; ${where}. Each figure is the
    median of ${rounds} rounds, with the lowest and the highest in brackets; in each round every pattern has its turn. A
    run in which a recipient that is looked at has anything but what was published, each message once, gives no figures.`,
  );
  return quick ? `${QUICK_NOTICE}\n\n${text}` : text;
}

/** What stands below the tables. */
export function notes({ sizes }: Plan, refused: readonly Refused[]): string {
  return bullets([
    `**Setting.** Payloads are JSON with ${TEXT_LENGTH} characters of text. Each pattern and audience has a Redis of its own,
    which keeps nothing on disk, with 8 partitions. One process is the publisher, all recipients and the worker of the
    timelines: its one core limits rates and latencies, but not what Redis spends.`,
    `**Publishing.** Processor time of the server (\`used_cpu_user\` and \`used_cpu_sys\`) over ${perSize(sizes, 'burst')}
    messages (at least ${LEAST_WRITTEN_ONCE} where they are written once), ${IN_FLIGHT} under way at once, until everyone has them: handed over (Pub/Sub), in all inboxes (lists), in all
    timelines with the worker's part (pushed), in the lists from which readers pull (pulled), in the stream. What is
    written once leaves the work to receiving.`,
    `**Pub/Sub.** Everyone listens, and a connection stands for a process: ${perSize(sizes, 'audience')} recipients over
    ${perSize(sizes, 'connections')} connections. Redis sends a message once to each connection; the process hands it to
    all recipients that it has.`,
    `**Timelines.** All readers are active: each has read once. Pushed is \`pushMaxFollowers: Infinity\`, pulled is 0. The
    default pushes up to 10,000 followers in a partition, which are some 80,000 in all.`,
    `**Streams.** Each recipient is a consumer group of the stream.${refused.map(refusal).join('')}`,
    `**Receiving.** Up to ${COLLECTORS} of those who were absent come, 10 at a time, for all that waits: they take and
    acknowledge it, or read it, 100 messages at once. Fewer at once cost more for each.`,
    `**Latency.** From calling \`publish\` to the handler, one message after the other; up to ${LISTENERS} recipients listen (of
    Pub/Sub all do, and ${LISTENERS} are looked at). Of each round the median and the 99th percentile.`,
    `**Memory.** \`MEMORY USAGE\` of all keys, divided by the recipients: they share what is kept once, such as the body. Of
    a consumer group it is an estimate, on the high side. What Redis forgets within minutes is left out. Of Pub/Sub it is
    what the connections use. Messages that wait are ${WAITING}.`,
    `**Teams.** Several consumers listen for one recipient, each with connections of its own; from publishing to
    acknowledging. A message wakes all of them, so when it comes alone all but one look in vain.`,
  ]);
}

function refusal({ audience, largestAudience, error }: Refused): string {
  return ` Of ${whole(audience)} the first above ${whole(largestAudience)} was refused with an \`${error}\`.`;
}

function perSize(sizes: readonly Size[], what: keyof Size): string {
  const numbers = sizes.map((size) => whole(size[what]));
  return `${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1) ?? ''}`;
}
