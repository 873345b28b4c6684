import {
  type Capabilities,
  LIST_CAPABILITIES,
  PUBSUB_CAPABILITIES,
  STREAM_CAPABILITIES,
  TIMELINE_CAPABILITIES,
} from 'redis-fanout';

import { table } from '../shared/markdown.js';
import { whole } from '../shared/statistics.js';

const PATTERNS = {
  'Pub/Sub': PUBSUB_CAPABILITIES,
  Lists: LIST_CAPABILITIES,
  Timelines: TIMELINE_CAPABILITIES,
  Streams: STREAM_CAPABILITIES,
} as const satisfies Record<string, Capabilities>;

/** How a capability is told: the question, and the answer to it. A capability that is not told does not compile. */
const WORDS: Readonly<Record<keyof Capabilities, readonly [string, (capabilities: Capabilities) => string]>> =
  {
    keptForAbsent: [
      'What is published while a recipient is absent',
      ({ keptForAbsent }) => (keptForAbsent ? 'waits' : 'is lost to them'),
    ],
    acknowledged: [
      'What a recipient took and did not acknowledge',
      ({ acknowledged }) => (acknowledged ? 'comes again' : 'no acknowledging'),
    ],
    replayable: [
      'Having again what one had',
      ({ replayable, acknowledged }) =>
        !replayable ? 'no' : acknowledged ? 'by replay' : 'by reading again',
    ],
    ordered: ['Messages of one source', ({ ordered }) => (ordered ? 'in order' : 'in any order')],
    exactlyOnce: [
      'A publishing that is repeated',
      ({ exactlyOnce }) => (exactlyOnce ? 'arrives once' : 'may arrive twice'),
    ],
    gapless: [
      'A listener whose connection was lost',
      ({ gapless }) => (gapless ? 'has what came meanwhile' : 'is told of the gap'),
    ],
    backlogVisible: [
      'How much waits for a recipient',
      ({ backlogVisible }) => (backlogVisible ? 'can be asked' : 'is not known'),
    ],
    lateSubscribers: [
      'A new subscription begins',
      ({ lateSubscribers }) =>
        ({
          'from-now': 'now',
          'all-history': 'with all there is',
          'any-point': 'at any point',
        })[lateSubscribers],
    ],
    readOrder: [
      'Reading begins with',
      ({ readOrder, keptForAbsent }) =>
        !keptForAbsent ? 'no reading' : readOrder === 'newest-first' ? 'the newest' : 'the oldest',
    ],
    largestAudience: [
      'Recipients of one source',
      ({ largestAudience }) =>
        Number.isFinite(largestAudience) ? `up to ${whole(largestAudience)}` : 'any number',
    ],
  };

/** The table of what each pattern can do, made of what the library declares. */
export function capabilitiesTable(): string {
  const rows = Object.values(WORDS).map(([question, answer]) => [
    question,
    ...Object.values(PATTERNS).map((capabilities) => answer(capabilities)),
  ]);
  return table(['', ...Object.keys(PATTERNS)], rows);
}
