import {
  Fanout,
  type ListStrategy,
  type Message,
  openLists,
  openStreams,
  openTimelines,
  type RedisClient,
  type StreamStrategy,
} from 'redis-fanout';

import { delivered } from '../shared/delivered.js';
import type { Payload } from './payload.js';

/** Messages that a recipient takes or reads at once. */
const BATCH = 100;
const SOURCE = 'source';
const POLL_MS = 5;

/** A process that takes part in a pattern that keeps messages, by the operations that are measured. */
export interface Participant {
  /** Publishes, and resolves with the message's id. */
  readonly publish: (payload: Payload) => Promise<string>;
  readonly subscribe: (recipient: string) => Promise<void>;
  /** Resolves when a message, and with it all before it, is where everyone looks for it. */
  readonly inPlace: (id: string) => Promise<void>;
  /** All that a recipient can have; taken and acknowledged where messages are. */
  readonly collect: (recipient: string) => Promise<number[]>;
  /** Hands over messages, acknowledges them where they are acknowledged, and says so then. */
  readonly listen: (
    recipient: string,
    handler: (n: number) => void,
    acknowledged?: (n: number) => void,
  ) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens a process that takes part. */
export type Open = (client: RedisClient) => Promise<Participant>;

export const listParticipant: Open = async (client) =>
  takingParticipant(await openLists<Payload>({ client }));

export const streamParticipant: Open = async (client) =>
  takingParticipant(await openStreams<Payload>({ client }));

function takingParticipant(strategy: ListStrategy<Payload> | StreamStrategy<Payload>): Participant {
  return {
    publish: async (payload) => (await strategy.publish(SOURCE, payload)).id,
    subscribe: async (recipient) => strategy.subscribe(recipient, SOURCE),
    // Whoever has the answer knows that it is there.
    inPlace: async () => Promise.resolve(),
    collect: async (recipient) => takeAll(strategy, recipient),
    listen: async (recipient, handler, acknowledged) => {
      await strategy.listen(recipient, async ({ id, payload }) => {
        handler(payload.n);
        if ((await strategy.acknowledge(recipient, id)) === 1) acknowledged?.(payload.n);
      });
    },
    close: async () => strategy.close(),
  };
}

async function takeAll(
  strategy: ListStrategy<Payload> | StreamStrategy<Payload>,
  recipient: string,
): Promise<number[]> {
  const numbers: number[] = [];
  let taken: readonly Message<Payload>[];
  do {
    taken = await strategy.take(recipient, { limit: BATCH });
    numbers.push(...taken.map(({ payload }) => payload.n));
    if (taken.length === 0) break;
    await strategy.acknowledge(
      recipient,
      taken.map(({ id }) => id),
    );
  } while (taken.length === BATCH);
  return numbers;
}

/** Timelines: up to so many followers in a partition are pushed to. The process delivers, too. */
export function timelineParticipant(pushMaxFollowers: number, audience: number): Open {
  return async (client) => {
    const strategy = await openTimelines<Payload>({ client, pushMaxFollowers });
    const fanout = await Fanout.open({ client, pushMaxFollowers });
    // Then the worker is there, and what it makes for itself once.
    await delivered(fanout, (await strategy.publish('warm-up', { n: 0, text: '' })).id, POLL_MS);
    return {
      publish: async (payload) => (await strategy.publish(SOURCE, payload)).id,
      subscribe: async (recipient) => {
        await strategy.subscribe(recipient, SOURCE);
        // A timeline that was read is an active one.
        await strategy.read(recipient);
      },
      inPlace: async (id) => {
        const account = await delivered(fanout, id, POLL_MS);
        const reached = pushMaxFollowers === 0 ? account.leftToPull : account.pushed;
        if (reached !== audience)
          throw new Error(`${reached} of ${audience} were reached as they were to be`);
      },
      collect: async (recipient) => {
        const numbers: number[] = [];
        let cursor: string | undefined;
        do {
          const { items, nextCursor } = await strategy.read(recipient, { limit: BATCH, cursor });
          numbers.push(...items.map(({ payload }) => payload.n));
          cursor = nextCursor ?? undefined;
        } while (cursor !== undefined);
        return numbers.reverse();
      },
      listen: async (recipient, handler) => {
        await strategy.listen(recipient, ({ payload }) => {
          handler(payload.n);
        });
      },
      close: async () => strategy.close(),
    };
  };
}
