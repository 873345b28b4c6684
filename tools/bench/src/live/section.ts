import { bullets, paragraph } from '../shared/markdown.js';
import { type Column, resultTable } from '../shared/result-table.js';
import { describeRounds, type Result } from '../shared/rounds.js';
import { counted, whole } from '../shared/statistics.js';
import type { TurnFigures } from './figures.js';
import { OPENING, type Plan, TEXT_LENGTH } from './plan.js';

const TIMES: readonly Column<TurnFigures>[] = [
  ['First client, ms', ({ firstMs }) => firstMs],
  ['Median client, ms', ({ medianMs }) => medianMs],
  ['p99, ms', ({ p99Ms }) => p99Ms],
  ['Last client, ms', ({ lastMs }) => lastMs],
];

const POST_COSTS: readonly Column<TurnFigures>[] = [
  ['Event loop held, ms', ({ loopMaxMs }) => loopMaxMs],
  ['p99, ms', ({ loopP99Ms }) => loopP99Ms],
  ['Server, ms of CPU', ({ serverCpuMs }) => serverCpuMs],
  ['Redis, ms of CPU', ({ redisCpuMs }) => redisCpuMs],
];

const CONNECTION_COSTS: readonly Column<TurnFigures>[] = [
  ['Memory, KiB', ({ residentBytes }) => residentBytes / 1024],
  ['in the heap, KiB', ({ heapBytes }) => heapBytes / 1024],
  ['All connected, s', ({ connectSeconds }) => connectSeconds],
];

/** Everything that was measured, with how. */
export function liveSection(results: readonly Result<TurnFigures>[], plan: Plan, measuredBy: string): string {
  return [
    howMeasured(plan, measuredBy),
    '### Until everybody has the post',
    resultTable(results, TIMES),
    '### What a post costs',
    resultTable(results, POST_COSTS),
    '### What an idle connection costs',
    resultTable(results, CONNECTION_COSTS),
    '### What the figures of live connections are',
    notes(plan),
  ].join('\n\n');
}

function howMeasured({ connections, rounds }: Plan, measuredBy: string): string {
  return paragraph(
    `${whole(connections)} readers are connected to one instance, and all of them get a post. ${measuredBy}.
    ${describeRounds(counted(rounds, 'round'))}. A contestant whose every client has not had each post once, in order, gets no
    figures.`,
  );
}

function notes({ warmUpPosts, posts }: Plan): string {
  return bullets([
    `**Turns.** In each turn the server and the clients are new processes, on one Redis that keeps nothing on disk and is
    put back to how it was before. ${warmUpPosts} posts come first, so that nothing runs for the first time; ${posts} are
    measured, one after the other. A post has ${TEXT_LENGTH} characters of text; all contestants send the same fields.`,
    `**The notifier** runs as it is built. The publisher calls \`fanout.posts.publish\`, and is the worker that delivers,
    too: each post is stored, pushed to the timelines of all readers, and noted in the history from which a client that
    was away goes on. Its clients ask for \`positions=1\`.`,
    `**Socket.IO** is set up as its documentation says, with WebSocket as the only transport and everybody in one room;
    another instance emits to the room. The post is noted in a stream of Redis; what a client missed while it was away
    is not told to it (\`connectionStateRecovery\` is off, as it is unless it is asked for).`,
    `**ws** is a server as its documentation shows it, which passes on to everybody what comes over a channel. Nothing is kept.`,
    `**Clients** are the same everywhere: connections of \`ws\` (of \`node:http\` for Server-Sent Events) that read the
    post as JSON. With Socket.IO they speak just as much of its protocol as is needed, which is less work than its own
    client has.`,
    `**Times** are from calling what publishes to the handler in the client. Median and p99 are of all clients and posts;
    the first and the last client are the median of the posts.`,
    `**Event loop held**: the longest that the server did nothing else while a post went out (\`monitorEventLoopDelay\`,
    every millisecond), and the 99th percentile of its looks; each is the median of the posts. So long a new connection,
    or anything else, waits.`,
    `**Memory** is what the resident memory of the server has grown by with all connections, after collecting garbage,
    divided by their number; in the heap are objects and buffers of JavaScript. Buffers of the kernel are in neither.`,
    `**CPU** is what the server's process, and Redis (\`INFO\`), have spent for a post. **All connected** is until the
    last client knows that it will hear of everything from then on, ${OPENING} being opened at once.`,
  ]);
}
