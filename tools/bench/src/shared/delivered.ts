import { setTimeout as delay } from 'node:timers/promises';

import type { Redis } from 'ioredis';
import type { DeliveryAccount, Fanout } from 'redis-fanout';

const TIMEOUT_MS = 60_000;

/** Resolves when a post is delivered, with its account. @throws Error where that takes too long */
export async function delivered(fanout: Fanout, id: string, pollMs: number): Promise<DeliveryAccount> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const account = await fanout.posts.delivery(id);
    if (account.state === 'delivered') return account;
    if (Date.now() > deadline) throw new Error(`post ${id} is not delivered in time`);
    await delay(pollMs);
  }
}

/** Resolves when no post waits for its delivery. */
export async function allDelivered(redis: Redis, fanout: Fanout, pollMs = 5): Promise<void> {
  for (;;) {
    const lengths = await Promise.all(fanout.outboxes.map(async (outbox) => redis.xlen(outbox)));
    if (lengths.every((length) => length === 0)) return;
    await delay(pollMs);
  }
}
