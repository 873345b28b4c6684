import { setTimeout as delay } from 'node:timers/promises';

import type { Capabilities, Listening } from '../../src/index.js';
import { inAllWays } from './check.js';
import type { Defect } from './harmed.js';
import type { Process } from './subject.js';

/** A defect, where there can be such a one, and the checks that are to catch it. */
export interface BrokenPromise {
  readonly name: string;
  readonly when?: (capabilities: Capabilities) => boolean;
  readonly defect: Defect;
  readonly caughtBy: (capabilities: Capabilities) => string[];
}

const keeps = ({ keptForAbsent }: Capabilities): boolean => keptForAbsent;
const acknowledges = ({ acknowledged }: Capabilities): boolean => acknowledged;

/** Promises about the rest of the contract, each broken alone. */
export const BROKEN_PROMISES: readonly BrokenPromise[] = [
  {
    name: 'a subscription that is true only later',
    defect: (process) => ({
      subscribe: async (...args) => {
        void delay(50).then(async () => process.subscribe(...args).catch(() => undefined));
        return Promise.resolve();
      },
    }),
    caughtBy: () => ['minds a subscription from its answer on, by listening'],
  },
  {
    name: 'a subscription that never ends',
    defect: () => ({ unsubscribe: async () => Promise.resolve() }),
    caughtBy: (capabilities) => inAllWays('minds the end of a subscription from its answer on', capabilities),
  },
  {
    name: 'idempotency keys that are forgotten',
    when: ({ exactlyOnce }) => exactlyOnce,
    defect: (process) => ({ publish: async (source, payload) => process.publish(source, payload) }),
    caughtBy: (capabilities) => [
      ...inAllWays('publishes once what is repeated under one key, or refuses keys', capabilities),
      ...inAllWays('publishes once what is published many times at once under one key', capabilities),
    ],
  },
  {
    name: 'empty lists that become objects',
    defect: (process) => ({
      publish: async (source, payload, options) =>
        process.publish(source, Array.isArray(payload) && payload.length === 0 ? {} : payload, options),
    }),
    caughtBy: (capabilities) => inAllWays('brings payloads of every kind as they were', capabilities),
  },
  {
    name: 'pages that are not full',
    when: keeps,
    defect: (process) => ({
      read: async (recipient, { limit = 50, ...rest } = {}) =>
        process.read(recipient, { ...rest, limit: Math.max(1, limit - 1) }),
    }),
    caughtBy: () => ['gives full pages, and ends with the last message'],
  },
  {
    name: 'pages with holes',
    when: keeps,
    defect: (process) => ({
      read: async (recipient, request = {}) => {
        const page = await process.read(recipient, request);
        return { ...page, items: page.items.slice(request.cursor === undefined ? 0 : 1) };
      },
    }),
    caughtBy: () => ['gives pages without holes and repeats, whatever is published between'],
  },
  {
    name: 'messages that nobody holds when they are taken',
    when: acknowledges,
    defect: (process) => ({
      take: async (recipient, { limit = 10 } = {}) =>
        (await process.read(recipient, { limit: Math.min(100, limit) })).items,
    }),
    caughtBy: () => [
      'hands out again what is not acknowledged within its lease, or says that nothing is acknowledged',
      'hands out the oldest first, as many as wanted, and nothing that somebody holds',
      'shares messages among those who take at once',
    ],
  },
  {
    name: 'leases that are never over',
    when: acknowledges,
    defect: (process) => ({
      take: async (recipient, request) => process.take(recipient, { ...request, leaseMs: 3_600_000 }),
    }),
    caughtBy: () => [
      'hands out again what is not acknowledged within its lease, or says that nothing is acknowledged',
    ],
  },
  {
    name: 'a replay that gives nothing',
    when: ({ acknowledged, replayable }) => acknowledged && replayable,
    defect: () => ({ replay: async () => Promise.resolve() }),
    caughtBy: () => [
      'gives again what a recipient had, or says that it does not',
      'replays from the beginning, or after any message, what is handed out in order',
      'replays to listeners, and to nobody else',
      'replays to subscribers only',
    ],
  },
  {
    name: 'a backlog that knows one source',
    when: ({ backlogVisible }) => backlogVisible,
    defect: (process) => ({
      backlog: async (recipient) => {
        const backlog = await process.backlog(recipient);
        return { ...backlog, bySource: new Map([...backlog.bySource].slice(0, 1)) };
      },
    }),
    caughtBy: () => ['tells how much waits for a recipient, or says that it does not'],
  },
  {
    name: 'gaps that nobody is told of',
    when: ({ gapless }) => !gapless,
    defect: (process) => ({ listen: async (recipient, handler) => process.listen(recipient, handler) }),
    caughtBy: () => ['tells listeners that messages may have been missed, and misses none from then on'],
  },
  {
    name: 'errors that nobody is told of',
    defect: (process) => ({
      listen: async (recipient, handler, options) =>
        process.listen(recipient, handler, { ...options, onError: () => undefined }),
    }),
    caughtBy: () => ['tells of a handler that rejects or throws, and goes on'],
  },
  {
    name: 'several messages at a time',
    defect: (process) => ({
      listen: async (recipient, handler, options) =>
        process.listen(recipient, (message) => void handler(message), options),
    }),
    caughtBy: () => [
      'hands over one message at a time, however long the handler takes',
      'ends a listening when its handler has ended, and hands over nothing more',
      'ends a process when its handlers have ended, and hands over nothing more',
    ],
  },
  {
    name: 'a listening that does not end',
    defect: (process) => ({
      listen: async (...args): Promise<Listening> => {
        await process.listen(...args);
        return { close: async () => Promise.resolve() };
      },
    }),
    caughtBy: () => ['ends a listening when its handler has ended, and hands over nothing more'],
  },
  {
    name: 'an end that does not wait for handlers',
    defect: (process) => ({ close: async () => endLater(process) }),
    caughtBy: () => ['ends a process when its handlers have ended, and hands over nothing more'],
  },
];

async function endLater(process: Process): Promise<void> {
  void process.close();
  return Promise.resolve();
}
