import type { Capabilities, Message } from '../../src/index.js';
import type { Process } from './subject.js';

/** A message, whatever it carries. */
export type Received = Message<unknown>;

/** A recipient who is being looked at. */
export interface Receiver {
  /** Everything that they have had so far (by reading: that they can have at this moment), the oldest first. */
  look(): Promise<readonly Received[]>;
}

/** A way in which a recipient can have messages. */
export interface Way {
  readonly name: 'listening' | 'reading' | 'taking';
  readonly when: (capabilities: Capabilities) => boolean;
  begin(process: Process, recipient: string): Promise<Receiver>;
}

/** Handlers and takers acknowledge what they get, where that is possible. */
export const LISTENING: Way = {
  name: 'listening',
  when: () => true,
  begin: async (process, recipient) => {
    const received: Received[] = [];
    await process.listen(recipient, async (message) => {
      received.push(message);
      if (process.capabilities.acknowledged) await process.acknowledge(recipient, message.id);
    });
    return { look: async () => Promise.resolve(received) };
  },
};

export const READING: Way = {
  name: 'reading',
  when: (capabilities) => capabilities.keptForAbsent,
  begin: async (process, recipient) =>
    Promise.resolve({ look: async () => oldestFirst(process, await readAll(process, recipient)) }),
};

export const TAKING: Way = {
  name: 'taking',
  when: (capabilities) => capabilities.acknowledged,
  begin: async (process, recipient) => {
    const received: Received[] = [];
    return Promise.resolve({
      look: async () => {
        received.push(...(await takeAll(process, recipient)));
        return received;
      },
    });
  },
};

export const WAYS: readonly Way[] = [LISTENING, READING, TAKING];

/** All that can be read, in the strategy's order. */
export async function readAll(process: Process, recipient: string, limit = 100): Promise<Received[]> {
  const messages: Received[] = [];
  let page = await process.read(recipient, { limit });
  messages.push(...page.items);
  while (page.nextCursor !== null) {
    page = await process.read(recipient, { limit, cursor: page.nextCursor });
    messages.push(...page.items);
  }
  return messages;
}

/** Takes and acknowledges what there is. */
export async function takeAll(process: Process, recipient: string): Promise<Received[]> {
  const messages: Received[] = [];
  for (;;) {
    const taken = await process.take(recipient, { limit: 100 });
    if (taken.length === 0) return messages;
    await process.acknowledge(
      recipient,
      taken.map(({ id }) => id),
    );
    messages.push(...taken);
  }
}

/** What was read, the oldest first. */
export function oldestFirst(process: Process, messages: readonly Received[]): readonly Received[] {
  return process.capabilities.readOrder === 'newest-first' ? messages.toReversed() : messages;
}
