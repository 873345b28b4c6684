import {
  type Capabilities,
  LIST_CAPABILITIES,
  PUBSUB_CAPABILITIES,
  STREAM_CAPABILITIES,
  TIMELINE_CAPABILITIES,
} from '../../src/index.js';
import { MemoryBroker } from '../../src/memory/memory-broker.js';
import { EXTREME_NAME, EXTREME_USER, MAX_ATTEMPTS } from './extremes.js';
import type { Process, ProcessOptions, Subject } from './subject.js';

/** The twins of all strategies. */
export const MEMORY_SUBJECTS: readonly Subject[] = [
  inMemory('Pub/Sub', PUBSUB_CAPABILITIES, (broker) => broker.openPubSub()),
  inMemory('lists', LIST_CAPABILITIES, (broker) => broker.openLists()),
  inMemory('timelines', TIMELINE_CAPABILITIES, (broker) => broker.openTimelines(), EXTREME_USER),
  inMemory('streams', STREAM_CAPABILITIES, (broker, options) =>
    broker.openStreams({ ...options, maxAttempts: MAX_ATTEMPTS }),
  ),
];

function inMemory(
  name: string,
  capabilities: Capabilities,
  open: (broker: MemoryBroker, options: ProcessOptions) => Promise<unknown>,
  extremeName = EXTREME_NAME,
): Subject {
  return {
    name: `${name} in memory`,
    capabilities,
    extremeName,
    place: () => {
      const broker = new MemoryBroker();
      return {
        open: async (options = {}) => (await open(broker, options)) as Process,
        cutConnections: async () => broker.interrupt(async () => Promise.resolve()),
        end: async () => Promise.resolve(),
      };
    },
  };
}
