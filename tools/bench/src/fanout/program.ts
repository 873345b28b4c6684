/** The process of a contestant of the suites `deliveries`, `growth`, `networks` and `activity`. */
import { answerCalls } from '../shared/calls.js';
import { spend } from '../shared/cpu.js';
import type { ContestantCalls } from './calls.js';
import type { FanOut } from './contestant.js';
import { contestantNamed } from './contestants.js';
import { makeGraph } from './graph.js';

let opened: FanOut | undefined;

function fanOut(): FanOut {
  if (opened === undefined) throw new Error('no contestant is open');
  return opened;
}

answerCalls({
  open: async ({ contestant, redisUrl, graph, partitions }) => {
    opened = await contestantNamed(contestant).open(redisUrl, partitions);
    await opened.prepare(makeGraph(graph));
  },
  accept: async (posts) => fanOut().accept(posts),
  deliver: async (posts) => spend(async () => fanOut().deliver(posts)),
  newest: async ({ readers, count }) =>
    Promise.all(readers.map(async (reader) => fanOut().newest(reader, count))),
} satisfies ContestantCalls);
