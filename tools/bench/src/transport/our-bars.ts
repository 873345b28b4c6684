import type { Bar } from '../shared/bars.js';
import { BULLMQ, NESTJS, PUBSUB, STREAMS } from './contestant.js';
import { backlogOf, type TurnFigures } from './figures.js';

/** A transport of ours beside one of others that is used for the same. */
type Pair = Pick<Bar<TurnFigures>, 'ours' | 'theirs'>;

const KEPT: Pair = { ours: STREAMS, theirs: BULLMQ };
const PASSING: Pair = { ours: PUBSUB, theirs: NESTJS };

/** Ours is to be no slower, and to take no more where it is not the same command that takes it. */
export const BARS: readonly Bar<TurnFigures>[] = [
  noFewer('Streams: events/s', KEPT, ({ flow }) => flow.perSecond),
  noFewer('Streams: events/s, a backlog sent', KEPT, (turn) => backlogOf(turn).producing.perSecond),
  noFewer('Streams: events/s, a backlog handled', KEPT, (turn) => backlogOf(turn).consuming.perSecond),
  noMore('Streams: Redis CPU', KEPT, ({ flow }) => flow.redisCpuUs),
  noMore('Streams: Redis CPU at the fixed rate', KEPT, ({ steady }) => steady.redisCpuUs),
  noMore('Streams: p50', KEPT, ({ steady }) => steady.medianMs),
  noMore('Streams: p99', KEPT, ({ steady }) => steady.p99Ms),
  noFewer('Pub/Sub: events/s', PASSING, ({ flow }) => flow.perSecond),
  noMore('Pub/Sub: consumer CPU', PASSING, ({ flow }) => flow.consumerCpuUs),
  noMore('Pub/Sub: p50', PASSING, ({ steady }) => steady.medianMs),
];

function noFewer(what: string, pair: Pair, figure: Bar<TurnFigures>['figure']): Bar<TurnFigures> {
  return { ...pair, what, figure, atLeast: 1 };
}

function noMore(what: string, pair: Pair, figure: Bar<TurnFigures>['figure']): Bar<TurnFigures> {
  return { ...pair, what, figure, atMost: 1 };
}
