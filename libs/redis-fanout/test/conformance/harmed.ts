import type { Capabilities, MessageHandler } from '../../src/index.js';
import { idsOf } from './moves.js';
import type { Process, Subject } from './subject.js';
import type { Received } from './ways.js';

/** What is wrong with every process of a place. */
export type Defect = (process: Process, memory: Memory) => Partial<Process>;

/** Of the messages that the victim has, every so manieth is hit. */
const HIT_EVERY = 5;
/** Whom it hits: one of several recipients. */
const VICTIM = 'bob';
/** How long a message waits for another with which it changes places. */
const SWAP_MS = 50;

/** What the harmed processes of one place remember. */
class Memory {
  private readonly seen = new Map<string, number>();
  private acknowledgements = 0;

  /** Whether a message is hit: always the same answer, in whichever way the recipient has it. */
  hits(recipient: string, { id }: Received): boolean {
    if (recipient !== VICTIM) return false;
    const index = this.seen.get(id) ?? this.seen.size;
    this.seen.set(id, index);
    return index % HIT_EVERY === 1;
  }

  hitsAcknowledgement(): boolean {
    return this.acknowledgements++ % 3 === 1;
  }
}

/** A message misses one of several recipients. */
export const droppedPush: Defect = (process, memory) =>
  distorted(process, {
    messages: (recipient, messages) => messages.filter((message) => !memory.hits(recipient, message)),
    handler: (recipient, handler) => async (message) => {
      if (!memory.hits(recipient, message)) await handler(message);
      else if (process.capabilities.acknowledged) await process.acknowledge(recipient, message.id);
    },
  });

/** A message comes twice to one of several recipients. */
export const doubledPush: Defect = (process, memory) =>
  distorted(process, {
    messages: (recipient, messages) =>
      messages.flatMap((message) => (memory.hits(recipient, message) ? [message, message] : [message])),
    handler: (recipient, handler) => async (message) => {
      await handler(message);
      if (memory.hits(recipient, message)) await handler(message);
    },
  });

/** Two consecutive messages change places for one of several recipients. */
export const swappedOrder: Defect = (process, memory) =>
  distorted(process, {
    messages: (recipient, messages) => {
      const order = [...messages];
      for (let i = 0; i + 1 < order.length; i++) {
        const [message, next] = [order[i]!, order[i + 1]!];
        if (memory.hits(recipient, message)) order.splice(i++, 2, next, message);
      }
      return order;
    },
    handler: (recipient, handler) => {
      let handOver: (() => void | Promise<void>) | undefined;
      return async (message) => {
        if (memory.hits(recipient, message)) {
          const late = (handOver = () => handler(message));
          setTimeout(() => void (handOver === late && late()), SWAP_MS);
          return;
        }
        await handler(message);
        const late = handOver;
        handOver = undefined;
        await late?.();
      };
    },
  });

/** An acknowledgement is answered and not kept. */
export const lostAcknowledgement: Defect = (process, memory) => ({
  acknowledge: async (recipient, ids) => {
    const kept = [ids].flat().filter(() => !memory.hitsAcknowledgement());
    const lost = [ids].flat().length - kept.length;
    return lost + (await process.acknowledge(recipient, kept));
  },
});

/** Every process of the subject has the defect. */
export function harmed(subject: Subject, defect: Defect): Subject {
  return {
    ...subject,
    place: () => {
      const place = subject.place();
      const memory = new Memory();
      return {
        ...place,
        open: async (options) => {
          const process = await place.open(options);
          return { ...operationsOf(process), ...defect(process, memory) };
        },
      };
    },
  };
}

/** The subject declares what is not so. */
export function lying(subject: Subject, lie: Partial<Capabilities>): Subject {
  const liar = harmed(subject, (process) => ({ capabilities: { ...process.capabilities, ...lie } }));
  return { ...liar, capabilities: { ...subject.capabilities, ...lie } };
}

/** How a recipient sees messages, and a listener is handed them. */
interface Distortion {
  readonly messages: (recipient: string, messages: readonly Received[]) => readonly Received[];
  readonly handler: (recipient: string, handler: MessageHandler<unknown>) => MessageHandler<unknown>;
}

function distorted(process: Process, { messages, handler }: Distortion): Partial<Process> {
  return {
    read: async (recipient, request) => {
      const page = await process.read(recipient, request);
      return { ...page, items: messages(recipient, page.items) };
    },
    take: async (recipient, request) => {
      const taken = await process.take(recipient, request);
      const seen = messages(recipient, taken);
      const dropped = taken.filter((message) => !seen.includes(message));
      if (dropped.length > 0) await process.acknowledge(recipient, idsOf(dropped));
      return seen;
    },
    listen: async (recipient, listener, options) =>
      process.listen(recipient, handler(recipient, listener), options),
  };
}

/** The operations as properties, which can be exchanged one by one. */
function operationsOf(process: Process): Process {
  return {
    capabilities: process.capabilities,
    publish: async (...args) => process.publish(...args),
    subscribe: async (...args) => process.subscribe(...args),
    unsubscribe: async (...args) => process.unsubscribe(...args),
    listen: async (...args) => process.listen(...args),
    read: async (...args) => process.read(...args),
    take: async (...args) => process.take(...args),
    acknowledge: async (...args) => process.acknowledge(...args),
    replay: async (...args) => process.replay(...args),
    backlog: async (...args) => process.backlog(...args),
    close: async () => process.close(),
  };
}
